/** What was wrong with bytes from outside; each kind carries what an engineer asks for. */
export type WireFault =
  | { readonly kind: 'truncated'; readonly field: string }
  | { readonly kind: 'trailing'; readonly bytes: number }
  | { readonly kind: 'checksum'; readonly computed: number; readonly received: number }
  | { readonly kind: 'value'; readonly field: string; readonly value: number | bigint }
  | { readonly kind: 'version'; readonly received: number }
  | { readonly kind: 'kind'; readonly received: number };

/** Why bytes from outside were refused: the only thing that this room throws. */
export class WireError extends Error {
  override readonly name = 'WireError';
  readonly fault: WireFault;

  constructor(fault: WireFault) {
    super(sentence(fault));
    this.fault = fault;
  }
}

function sentence(fault: WireFault): string {
  switch (fault.kind) {
    case 'truncated':
      return `the bytes end before "${fault.field}"`;
    case 'trailing':
      return `${fault.bytes} bytes are left over`;
    case 'checksum':
      return `checksum ${hex(fault.received)} was sent, the bytes give ${hex(fault.computed)}`;
    case 'value':
      return `"${fault.field}" cannot be ${fault.value}`;
    case 'version':
      return `version ${fault.received} is not spoken here`;
    case 'kind':
      return `frame kind 0x${fault.received.toString(16)} is not known`;
  }
}

function hex(word: number): string {
  return word.toString(16).padStart(8, '0');
}
