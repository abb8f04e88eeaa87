//! The `length-prefixed` layout of `x-frames`: a header of fields, one of which states the length.

use std::collections::BTreeMap;

use crate::contract::{FieldRole, HeaderField, HeaderType, LengthPrefixed};
use crate::lower::context::{Lowering, is_set};
use crate::resolve::Cursor;

const TYPES: [(&str, &str); 5] =
    [("u8", "u8"), ("u16", "u16"), ("u32", "u32"), ("u64", "u64"), ("bytes", "bytes")];

const ENDIANS: [(&str, bool); 2] = [("big", true), ("little", false)];

/// What a field says of its role.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Role {
    PayloadLength,
    Stream,
}

const ROLES: [(&str, Role); 2] =
    [("payload-length", Role::PayloadLength), ("stream", Role::Stream)];

impl<'d> Lowering<'d, '_> {
    /// The header of a frame.
    pub(super) fn length_prefixed(&mut self, cursor: &Cursor<'d>) -> Option<LengthPrefixed> {
        let list = self.needed(cursor, "header")?;
        let fields = self.list_of(&list);
        let header =
            fields.into_iter().map(|field| self.header_field(field)).collect::<Option<Vec<_>>>()?;
        let lengths = count(&header, |role| matches!(role, FieldRole::PayloadLength { .. }));
        let streams = count(&header, |role| matches!(role, FieldRole::Stream(_)));
        if lengths != 1 || streams > 1 {
            self.error(
                "bad-frame-header",
                &list.place(),
                format_args!("{lengths} fields state the length and {streams} name the stream"),
                "let exactly one field have `role: payload-length` and at most one name the stream",
            );
            return None;
        }
        Some(LengthPrefixed { header, max_frame: self.count(cursor, "max-frame") })
    }

    fn header_field(&mut self, cursor: Cursor<'d>) -> Option<HeaderField> {
        let cursor = self.mapping(cursor)?;
        let name = self.needed_text(&cursor, "name")?;
        let kind = self.header_type(&cursor)?;
        let role = self.field_role(&cursor, kind)?;
        Some(HeaderField { name, kind, role })
    }

    /// Width and byte order of a field.
    pub(super) fn header_type(&mut self, cursor: &Cursor<'d>) -> Option<HeaderType> {
        self.needed(cursor, "type")?;
        let name = self.word(cursor, "type", &TYPES)?;
        if name == "u8" {
            return Some(HeaderType::U8);
        }
        if name == "bytes" {
            let length = self.needed(cursor, "length")?;
            let count = self.count_of(&length)?;
            let bytes = u8::try_from(count).ok().filter(|bytes| *bytes > 0);
            if bytes.is_none() {
                self.wrong_extension(&length, "a number of bytes from 1 to 255");
            }
            return bytes.map(HeaderType::Bytes);
        }
        self.needed(cursor, "endian")?;
        let big_endian = self.word(cursor, "endian", &ENDIANS)?;
        Some(match name {
            "u16" => HeaderType::U16 { big_endian },
            "u32" => HeaderType::U32 { big_endian },
            _ => HeaderType::U64 { big_endian },
        })
    }

    fn field_role(&mut self, cursor: &Cursor<'d>, kind: HeaderType) -> Option<FieldRole> {
        let role = match cursor.get("role") {
            Some(_) => Some(self.word(cursor, "role", &ROLES)?),
            None => None,
        };
        let said = [
            role == Some(Role::PayloadLength),
            cursor.get("const").is_some(),
            cursor.get("values").is_some(),
        ];
        let is_text = matches!(kind, HeaderType::Bytes(_));
        if said.into_iter().filter(|said| *said).count() > 1 || is_text && role.is_some() {
            self.error(
                "bad-frame-header",
                &cursor.place(),
                "the field is said to be several things at once",
                "state one of `role`, `const` and `values`",
            );
            return None;
        }
        if role == Some(Role::PayloadLength) {
            let includes_header = is_set(cursor, "includes-header");
            return Some(FieldRole::PayloadLength { includes_header });
        }
        if let Some(constant) = cursor.get("const") {
            let value = self.count_of(&constant)?;
            return self.fitting(&constant, value, kind).map(FieldRole::Constant);
        }
        match cursor.get("values") {
            Some(values) => self.stream_names(values, kind).map(FieldRole::Stream),
            None if role == Some(Role::Stream) => Some(FieldRole::Stream(BTreeMap::new())),
            None => Some(FieldRole::Free),
        }
    }

    fn stream_names(
        &mut self,
        cursor: Cursor<'d>,
        kind: HeaderType,
    ) -> Option<BTreeMap<u64, String>> {
        let cursor = self.mapping(cursor)?;
        let mut names = BTreeMap::new();
        for (number, name) in cursor.entries() {
            let Ok(number) = number.parse::<u64>() else {
                self.wrong_extension(&name, "under a number");
                return None;
            };
            let number = self.fitting(&name, number, kind)?;
            names.insert(number, self.text_of(&name)?);
        }
        Some(names)
    }

    /// The number, if a field of that width can hold it.
    fn fitting(&mut self, cursor: &Cursor<'d>, number: u64, kind: HeaderType) -> Option<u64> {
        let bytes = if matches!(kind, HeaderType::Bytes(_)) { 1 } else { kind.width() };
        let bits = u32::try_from(bytes * 8).unwrap_or(u32::MAX);
        if number.checked_shr(bits).unwrap_or_default() == 0 {
            return Some(number);
        }
        self.wrong_extension(cursor, &format!("a number of at most {bits} bits"));
        None
    }
}

fn count(header: &[HeaderField], of: impl Fn(&FieldRole) -> bool) -> usize {
    header.iter().filter(|field| of(&field.role)).count()
}
