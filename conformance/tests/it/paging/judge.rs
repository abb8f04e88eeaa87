//! Rules on walks made by hand.
