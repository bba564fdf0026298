/** Which tile an arrow key leads to. */

/** The tile that a key leads to from the `at`-th of so many; `undefined` where it leads nowhere. */
export function neighbour(key: string, at: number, tiles: number, columns: number): number | undefined {
  const target = targetOf(key, at, tiles, columns);
  const isThere = target !== undefined && target >= 0 && target < tiles && target !== at;
  return isThere ? target : undefined;
}

function targetOf(key: string, at: number, tiles: number, columns: number): number | undefined {
  switch (key) {
    case 'ArrowLeft':
      return at - 1;
    case 'ArrowRight':
      return at + 1;
    case 'ArrowUp':
      return at - columns;
    case 'ArrowDown':
      return at + columns;
    case 'Home':
      return 0;
    case 'End':
      return tiles - 1;
    default:
      return undefined;
  }
}
