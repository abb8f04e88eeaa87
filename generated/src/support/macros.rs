//! What every model of a kind implements alike. The types stand in the files of the models; here is what is said of
//! them in one line each.

/// Everything a struct with known members needs: the names of its members, `Decode`, `Serialize` and `Deserialize`.
/// `known` are the names on the wire, sorted; `rest` is the field of all other members, which are refused where there
/// is none; `size` bounds their number.
#[doc(hidden)]
#[macro_export]
macro_rules! object {
    (
        $name:ident { $($field:ident: $how:ident $wire:literal),* $(,)? },
        known [$($known:literal),* $(,)?]
        $(, rest $rest:ident)? $(, size $least:expr, $most:expr)? $(,)?
    ) => {
        impl $name {
            /// The names of the members that have a field, sorted.
            const MEMBERS: &'static [&'static str] = &[$($known),*];
        }

        impl $crate::support::decode::Decode for $name {
            fn decode(
                value: &$crate::support::decode::Tree<'_>,
                at: &$crate::support::decode::Path<'_>,
                faults: &mut $crate::support::decode::Faults,
            ) -> Option<Self> {
                let mut found = [None; Self::MEMBERS.len()];
                let mut members = $crate::support::decode::Members::of(
                    value,
                    Self::MEMBERS,
                    &mut found,
                    at,
                    faults,
                )?;
                $(
                    let $field = members
                        .$how(const { $crate::support::decode::place(Self::MEMBERS, $wire) });
                )*
                $(members.count(&$crate::support::check::Size { minimum: $least, maximum: $most });)?
                $crate::object!(@rest members, $($rest)?);
                members.finish()?;
                Some(Self {
                    $($field: $crate::object!(@found $how $field),)*
                    $($rest,)?
                })
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                let mut object = $crate::support::encode::Object::begin(serializer)?;
                // An object may have no members.
                let _ = &mut object;
                $(object.$how($wire, &self.$field)?;)*
                $(object.additional(&self.$rest, Self::MEMBERS)?;)?
                object.end()
            }
        }

        $crate::bridged!($name);
    };
    (@rest $members:ident, $rest:ident) => {
        let $rest = $members.additional();
    };
    (@rest $members:ident,) => {
        $members.refuse_others();
    };
    (@found required $field:ident) => { $field? };
    (@found $how:ident $field:ident) => { $field };
}

/// Everything an enum of listed texts needs: its values, the text of each, and how they are read and written.
#[doc(hidden)]
#[macro_export]
macro_rules! worded {
    ($name:ident { $($variant:ident = $text:literal),* $(,)? }) => {
        impl $name {
            /// Every value, in document order.
            pub const ALL: [Self; [$($text),*].len()] = [$(Self::$variant),*];

            /// The value on the wire.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text),* }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::support::decode::Faults;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                $crate::support::decode::from_text(text)
            }
        }

        impl $crate::support::decode::Decode for $name {
            fn decode(
                value: &$crate::support::decode::Tree<'_>,
                at: &$crate::support::decode::Path<'_>,
                faults: &mut $crate::support::decode::Faults,
            ) -> Option<Self> {
                $crate::support::decode::worded(value, at, faults, &Self::ALL, Self::as_str)
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        $crate::bridged!($name);
    };
}

/// Everything a newtype within bounds needs. `text` holds a `String`, `integer` and `number` a number, `shown` another
/// text, `list` and `map` a collection.
#[doc(hidden)]
#[macro_export]
macro_rules! bounded {
    (text $name:ident, $least:expr, $most:expr, $pattern:expr $(,)?) => {
        $crate::bounded!(@within $name, String, impl Into<String>, Into::into, Text {
            length: $crate::support::check::Size { minimum: $least, maximum: $most },
            pattern: $pattern,
        });
        $crate::bounded!(@shown $name);

        impl $name {
            /// The text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// The value, without its bounds.
            #[must_use]
            pub fn into_inner(self) -> String {
                self.0
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::support::decode::Faults;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Self::new(text)
            }
        }
    };
    (integer $name:ident($inner:ty), $least:expr, $most:expr, $divisor:expr $(,)?) => {
        $crate::bounded!(@within $name, $inner, $inner, std::convert::identity, Integer {
            minimum: $least,
            maximum: $most,
            multiple_of: $divisor,
        });
        $crate::bounded!(@number $name($inner));
    };
    (number $name:ident($inner:ty), $least:expr, $most:expr, $divisor:expr $(,)?) => {
        $crate::bounded!(@within $name, $inner, $inner, std::convert::identity, Number {
            minimum: $least,
            maximum: $most,
            multiple_of: $divisor,
        });
        $crate::bounded!(@number $name($inner));
    };
    (shown $name:ident($inner:ty), $least:expr, $most:expr, $pattern:expr $(,)?) => {
        $crate::bounded!(@within $name, $inner, $inner, std::convert::identity, Text {
            length: $crate::support::check::Size { minimum: $least, maximum: $most },
            pattern: $pattern,
        });
        $crate::bounded!(@shown $name);
        $crate::bounded!(@held $name($inner));
    };
    (list $name:ident($inner:ty), $least:expr, $most:expr, $unique:expr $(,)?) => {
        $crate::bounded!(@within $name, $inner, $inner, std::convert::identity, List {
            length: $crate::support::check::Size { minimum: $least, maximum: $most },
            unique: $unique,
        });
        $crate::bounded!(@held $name($inner));
    };
    (map $name:ident($inner:ty), $least:expr, $most:expr $(,)?) => {
        $crate::bounded!(@within $name, $inner, $inner, std::convert::identity, Size {
            minimum: $least,
            maximum: $most,
        });
        $crate::bounded!(@held $name($inner));
    };
    (@number $name:ident($inner:ty)) => {
        $crate::bounded!(@shown $name);

        impl $name {
            /// The value.
            #[must_use]
            pub const fn get(self) -> $inner {
                self.0
            }
        }
    };
    (@held $name:ident($inner:ty)) => {
        impl $name {
            /// The value.
            #[must_use]
            pub fn get(&self) -> &$inner {
                &self.0
            }

            /// The value, without its bounds.
            #[must_use]
            pub fn into_inner(self) -> $inner {
                self.0
            }
        }
    };
    (@shown $name:ident) => {
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                std::fmt::Display::fmt(&self.0, f)
            }
        }
    };
    (@within $name:ident, $inner:ty, $argument:ty, $convert:path, $kind:ident { $($bound:tt)* }) => {
        impl $name {
            /// The value, if it is within the bounds.
            ///
            /// # Errors
            /// Every bound that it breaks.
            pub fn new(value: $argument) -> Result<Self, $crate::support::decode::Faults> {
                $crate::support::check::admit(Self::bounds(), $convert(value)).map(Self)
            }

            fn bounds() -> &'static $crate::support::check::$kind {
                static BOUNDS: $crate::support::check::$kind =
                    $crate::support::check::$kind { $($bound)* };
                &BOUNDS
            }
        }

        impl TryFrom<$inner> for $name {
            type Error = $crate::support::decode::Faults;

            fn try_from(value: $inner) -> Result<Self, Self::Error> {
                Self::new(value)
            }
        }

        impl $crate::support::decode::Decode for $name {
            fn decode(
                value: &$crate::support::decode::Tree<'_>,
                at: &$crate::support::decode::Path<'_>,
                faults: &mut $crate::support::decode::Faults,
            ) -> Option<Self> {
                $crate::support::check::decode(Self::bounds(), value, at, faults).map(Self)
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serde::Serialize::serialize(&self.0, serializer)
            }
        }

        $crate::bridged!($name);
    };
}

/// `Deserialize` of what implements `Decode`.
#[doc(hidden)]
#[macro_export]
macro_rules! bridged {
    ($name:ident) => {
        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                $crate::support::decode::bridge(deserializer)
            }
        }
    };
}
