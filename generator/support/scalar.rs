//! Texts that are more than texts. Each keeps what it was read from, so that writing it changes nothing.

use std::fmt;
use std::net::{Ipv4Addr, Ipv6Addr};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use time::OffsetDateTime;
use time::format_description::well_known::{Iso8601, Rfc3339};

use super::decode::{self, Decode, Faults, Path, Tree, wrong_type};

/// Bytes, written in base64 (RFC 4648 §4).
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Base64(pub Vec<u8>);

impl Base64 {
    fn parse(text: &str) -> Option<Self> {
        STANDARD.decode(text).ok().map(Self)
    }
}

impl From<Vec<u8>> for Base64 {
    fn from(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }
}

impl fmt::Display for Base64 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&STANDARD.encode(&self.0))
    }
}

/// A calendar date, `YYYY-MM-DD` (RFC 3339 §5.6, `full-date`).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date {
    text: String,
}

impl Date {
    fn parse(text: &str) -> Option<Self> {
        let shaped = text.len() == 10 && text.split('-').map(str::len).eq([4, 2, 2]);
        time::Date::parse(text, &Iso8601::DATE).ok().filter(|_| shaped)?;
        Some(Self { text: text.to_owned() })
    }
}

/// A point in time (RFC 3339 §5.6, `date-time`).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct DateTime {
    text: String,
    instant: OffsetDateTime,
}

impl DateTime {
    /// The point in time.
    #[must_use]
    pub fn instant(&self) -> OffsetDateTime {
        self.instant
    }

    fn parse(text: &str) -> Option<Self> {
        let instant = OffsetDateTime::parse(text, &Rfc3339).ok()?;
        Some(Self { text: text.to_owned(), instant })
    }
}

/// Fails for a year that does not have four digits.
impl TryFrom<OffsetDateTime> for DateTime {
    type Error = time::error::Format;

    fn try_from(instant: OffsetDateTime) -> Result<Self, Self::Error> {
        Ok(Self { text: instant.format(&Rfc3339)?, instant })
    }
}

/// A UUID (RFC 9562 §4), in the case in which it was written.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Uuid {
    text: String,
}

impl Uuid {
    fn parse(text: &str) -> Option<Self> {
        let groups = text.split('-').map(str::len).eq([8, 4, 4, 4, 12]);
        let digits = text.chars().all(|char| char == '-' || char.is_ascii_hexdigit());
        (groups && digits).then(|| Self { text: text.to_owned() })
    }
}

/// An IPv4 address: four decimal numbers with dots between (RFC 2673 §3.2). It can be written in one way only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ipv4(pub Ipv4Addr);

impl Ipv4 {
    fn parse(text: &str) -> Option<Self> {
        text.parse().ok().map(Self)
    }
}

impl From<Ipv4Addr> for Ipv4 {
    fn from(address: Ipv4Addr) -> Self {
        Self(address)
    }
}

impl fmt::Display for Ipv4 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// An IPv6 address without a zone (RFC 4291 §2.2).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ipv6 {
    text: String,
    address: Ipv6Addr,
}

impl Ipv6 {
    /// The address.
    #[must_use]
    pub fn address(&self) -> Ipv6Addr {
        self.address
    }

    fn parse(text: &str) -> Option<Self> {
        text.parse().ok().map(|address| Self { text: text.to_owned(), address })
    }
}

/// In the form of RFC 5952.
impl From<Ipv6Addr> for Ipv6 {
    fn from(address: Ipv6Addr) -> Self {
        Self { text: address.to_string(), address }
    }
}

/// A type that no value has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Never {}

impl Decode for Never {
    fn decode(_: &Tree<'_>, at: &Path<'_>, faults: &mut Faults) -> Option<Self> {
        faults.add(at, "not", "must not be there");
        None
    }
}

impl Serialize for Never {
    fn serialize<S: Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
        match *self {}
    }
}

fn read<T>(
    value: &Tree<'_>,
    parse: fn(&str) -> Option<T>,
    expected: &str,
    at: &Path<'_>,
    faults: &mut Faults,
) -> Option<T> {
    let Tree::String(text) = value else { return wrong_type(value, "a string", at, faults) };
    let read = parse(text);
    if read.is_none() {
        faults.add(at, "format", format_args!("is not {expected}"));
    }
    read
}

/// What a type has that keeps the text it was read from.
macro_rules! spelled {
    ($name:ident, $what:literal) => {
        impl $name {
            #[doc = concat!("Reads ", $what, ".\n\n# Errors\nWhen the text is none.")]
            pub fn new(text: &str) -> Result<Self, Faults> {
                decode::from_text(text)
            }

            /// The value as it is written.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.text
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.text)
            }
        }
    };
}

spelled!(Date, "a date");
spelled!(DateTime, "a point in time");
spelled!(Uuid, "a UUID");
spelled!(Ipv6, "an address");

/// Decoding, `serde` and all for a type that is read from and written as one text.
macro_rules! textual {
    ($name:ident, $expected:literal) => {
        impl Decode for $name {
            fn decode(value: &Tree<'_>, at: &Path<'_>, faults: &mut Faults) -> Option<Self> {
                read(value, Self::parse, $expected, at, faults)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                decode::bridge(deserializer)
            }
        }
    };
}

textual!(Base64, "base64");
textual!(Date, "a date such as 2006-01-02");
textual!(DateTime, "a time such as 2006-01-02T15:04:05Z");
textual!(Uuid, "a UUID");
textual!(Ipv4, "an IPv4 address such as 192.0.2.1");
textual!(Ipv6, "an IPv6 address such as 2001:db8::1");

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn texts_are_read_and_written_unchanged() {
        let day = "2024-02-29";
        assert_eq!(serde_json::to_value(Date::new(day).unwrap()).unwrap(), json!(day));
        for time in ["2024-02-29T12:00:00Z", "1985-04-12T23:20:50.52Z", "1996-12-19T16:39:57-08:00"]
        {
            assert_eq!(serde_json::to_value(DateTime::new(time).unwrap()).unwrap(), json!(time));
        }
        let uuid = "123E4567-e89b-12d3-a456-426614174000";
        assert_eq!(serde_json::to_value(Uuid::new(uuid).unwrap()).unwrap(), json!(uuid));
        for address in ["2001:DB8::1", "::ffff:192.0.2.1", "0:0:0:0:0:0:0:0"] {
            assert_eq!(serde_json::to_value(Ipv6::new(address).unwrap()).unwrap(), json!(address));
        }
        let address: Ipv4 = serde_json::from_value(json!("192.0.2.1")).unwrap();
        assert_eq!(serde_json::to_value(address).unwrap(), json!("192.0.2.1"));
        let bytes: Base64 = serde_json::from_value(json!("AP8=")).unwrap();
        assert_eq!(bytes, Base64(vec![0, 255]));
        assert_eq!(serde_json::to_value(bytes).unwrap(), json!("AP8="));
    }

    #[test]
    fn other_texts_are_refused() {
        for text in ["2023-02-29", "2024-2-9", "20240229", "2024-W09-4", "2024-060", ""] {
            assert!(Date::new(text).is_err(), "{text}");
        }
        for text in ["2024-02-29", "2024-02-29T25:00:00Z", "2024-02-29T12:00:00", "now"] {
            assert!(DateTime::new(text).is_err(), "{text}");
        }
        for text in ["123e4567e89b12d3a456426614174000", "123e4567-e89b-12d3-a456-42661417400g"] {
            assert!(Uuid::new(text).is_err(), "{text}");
        }
        for text in ["192.0.2", "192.0.2.256", "192.0.02.1", "192.0.2.0/24", "::1", ""] {
            assert!(decode::from_value::<Ipv4>(&json!(text)).is_err(), "{text}");
        }
        for text in ["192.0.2.1", "fe80::1%eth0", "::1/128", "1::2::3", ":", ""] {
            assert!(Ipv6::new(text).is_err(), "{text}");
        }
        for text in ["A", "AP8", "AP9=", "A P8="] {
            assert!(decode::from_value::<Base64>(&json!(text)).is_err(), "{text}");
        }
        let faults = decode::from_value::<Date>(&json!(1)).unwrap_err();
        assert_eq!(faults.to_string(), "the document is a number, not a string");
    }
}
