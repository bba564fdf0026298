//! Who may see whom: accounts, sessions, bridge enrolment; decisions, no sockets.
