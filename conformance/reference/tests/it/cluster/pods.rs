//! Pods: creating, changing, deleting, binding and evicting.

mod change;
mod create;
mod end;
mod hand;
