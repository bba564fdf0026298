//! The bridge in the room: serial ports, spool file, QUIC.
