//! How bytes and times are written down in JSON: text stays readable, other bytes become base64, times are
//! milliseconds with microseconds behind the point. Reading gives back exactly what was written.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Bytes: a string where they are UTF-8, else `{"base64": …}`.
pub(crate) mod octets {
    use super::{Bytes, Deserialize, Deserializer, Octets, Serialize, Serializer};

    pub(crate) fn serialize<S: Serializer>(
        bytes: &Bytes,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        Octets::of(bytes).serialize(serializer)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Bytes, D::Error> {
        Octets::deserialize(deserializer)?.into_bytes()
    }
}

/// Bytes that may be absent.
pub(crate) mod optional_octets {
    use super::{Bytes, Deserialize, Deserializer, Octets, Serialize, Serializer};

    pub(crate) fn serialize<S: Serializer>(
        bytes: &Option<Bytes>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        bytes.as_ref().map(Octets::of).serialize(serializer)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<Bytes>, D::Error> {
        Option::<Octets>::deserialize(deserializer)?.map(Octets::into_bytes).transpose()
    }
}

/// A duration in milliseconds.
pub(crate) mod milliseconds {
    use super::{
        Deserialize, Deserializer, Duration, Serializer, from_milliseconds, to_milliseconds,
    };

    pub(crate) fn serialize<S: Serializer>(
        duration: &Duration,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.serialize_f64(to_milliseconds(*duration))
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Duration, D::Error> {
        from_milliseconds(f64::deserialize(deserializer)?)
    }
}

/// A duration in milliseconds that may be absent.
pub(crate) mod optional_milliseconds {
    use super::{
        Deserialize, Deserializer, Duration, Serialize, Serializer, from_milliseconds,
        to_milliseconds,
    };

    pub(crate) fn serialize<S: Serializer>(
        duration: &Option<Duration>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        duration.map(to_milliseconds).serialize(serializer)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<Duration>, D::Error> {
        Option::<f64>::deserialize(deserializer)?.map(from_milliseconds).transpose()
    }
}

/// The two spellings of bytes.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Octets {
    Text(String),
    Encoded { base64: String },
}

impl Octets {
    fn of(bytes: &Bytes) -> Self {
        match std::str::from_utf8(bytes) {
            Ok(text) => Self::Text(text.to_owned()),
            Err(_) => Self::Encoded { base64: STANDARD.encode(bytes) },
        }
    }

    fn into_bytes<E: Error>(self) -> Result<Bytes, E> {
        match self {
            Self::Text(text) => Ok(Bytes::from(text)),
            Self::Encoded { base64 } => STANDARD.decode(base64).map(Bytes::from).map_err(E::custom),
        }
    }
}

fn to_milliseconds(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e3
}

/// Rounds to the microsecond, which is what the clock of a transcript is cut to.
fn from_milliseconds<E: Error>(milliseconds: f64) -> Result<Duration, E> {
    let exact = Duration::try_from_secs_f64(milliseconds / 1e3).map_err(E::custom)?;
    let microseconds = (exact + Duration::from_nanos(500)).as_micros();
    Ok(Duration::from_micros(u64::try_from(microseconds).map_err(E::custom)?))
}
