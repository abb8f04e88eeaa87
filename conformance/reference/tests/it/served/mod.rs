//! The servers of the two large APIs as they answer over HTTP, beyond what their documents say.

/// What is asked before pods are asked for.
mod discovery;
/// Pods as tables.
mod table;
/// One exchange at a time.
mod tools;
/// How a connection leaves HTTP, and how it does not.
mod upgrade;
/// Who may do what.
mod users;
