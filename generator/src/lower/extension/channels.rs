//! The `channels` and `channel-pairs` layouts of `x-frames`.

use std::collections::BTreeMap;

use crate::contract::{Channel, Channels, Condition, HeaderType, Layout, OpeningValue, Subject};
use crate::lower::context::Lowering;
use crate::resolve::Cursor;

const ENCODINGS: [(&str, &str); 2] = [("binary", "binary"), ("base64", "base64")];

const ENDS: [(&str, bool); 2] = [("server", true), ("client", false)];

impl<'d> Lowering<'d, '_> {
    /// WebSocket messages that begin with a channel number.
    pub(super) fn channels(&mut self, cursor: &Cursor<'d>) -> Option<Channels> {
        let protocols = self.protocols(cursor)?;
        let map = self.needed(cursor, "channels")?;
        let map = self.mapping(map)?;
        let mut channels = BTreeMap::new();
        for (number, entry) in map.entries() {
            let Ok(number) = number.parse::<u8>() else {
                self.wrong_extension(&entry, "under a number from 0 to 255");
                return None;
            };
            channels.insert(number, self.channel(entry)?);
        }
        let first = self.word(cursor, "first", &[("empty-allowed", true)]);
        Some(Channels { protocols, channels, first_may_be_empty: first.unwrap_or_default() })
    }

    /// A mere name is a channel that the server writes.
    fn channel(&mut self, cursor: Cursor<'d>) -> Option<Channel> {
        if let Some(name) = cursor.node().string() {
            let name = name.to_owned();
            return Some(Channel {
                name,
                to_server: false,
                item: None,
                times: None,
                asked: None,
                last: false,
            });
        }
        let cursor = self.mapping(cursor)?;
        Some(Channel {
            name: self.needed_text(&cursor, "name")?,
            to_server: self.word(&cursor, "to", &ENDS).unwrap_or_default(),
            item: cursor.get("item").map(|item| self.schema_id(&item)),
            times: self.count(&cursor, "times"),
            asked: match cursor.get("asked") {
                Some(asked) => Some(self.asked(asked)?),
                None => None,
            },
            last: self.flag(&cursor, "last").unwrap_or_default(),
        })
    }

    fn asked(&mut self, cursor: Cursor<'d>) -> Option<Condition> {
        let cursor = self.mapping(cursor)?;
        let subject = Subject::Query(self.needed_text(&cursor, "query")?);
        Some(Condition { subject, equals: self.needed_value(&cursor, "equals")? })
    }

    /// WebSocket channels in pairs, one pair for each value of a parameter.
    pub(super) fn channel_pairs(&mut self, cursor: &Cursor<'d>) -> Option<Layout> {
        Some(Layout::ChannelPairs {
            parameter: self.needed_text(cursor, "param")?,
            protocols: self.protocols(cursor)?,
            opens_with: match cursor.get("opens-with") {
                Some(opening) => Some(self.opening(opening)?),
                None => None,
            },
        })
    }

    fn opening(&mut self, cursor: Cursor<'d>) -> Option<OpeningValue> {
        let cursor = self.mapping(cursor)?;
        let kind = self.header_type(&cursor)?;
        if matches!(kind, HeaderType::Bytes(_)) {
            self.wrong_extension(&cursor.get("type")?, "one of `u8`, `u16`, `u32`, `u64`");
            return None;
        }
        Some(OpeningValue { kind, value: self.needed_text(&cursor, "value")? })
    }

    fn protocols(&mut self, owner: &Cursor<'d>) -> Option<BTreeMap<String, (String, Option<u8>)>> {
        let map = self.needed(owner, "protocols")?;
        let map = self.mapping(map)?;
        let mut protocols = BTreeMap::new();
        for (name, entry) in map.entries() {
            let entry = self.mapping(entry)?;
            self.needed(&entry, "encoding")?;
            let encoding = self.word(&entry, "encoding", &ENCODINGS)?;
            let close = self.close_channel(&entry)?;
            protocols.insert(name.to_owned(), (encoding.to_owned(), close));
        }
        Some(protocols)
    }

    fn close_channel(&mut self, protocol: &Cursor<'d>) -> Option<Option<u8>> {
        let Some(close) = protocol.get("close") else { return Some(None) };
        let number = self.count_of(&close)?;
        let channel = u8::try_from(number).ok();
        if channel.is_none() {
            self.wrong_extension(&close, "a number from 0 to 255");
        }
        channel.map(Some)
    }
}
