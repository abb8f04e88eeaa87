//! The words in which a dialect's table is written: what an object may hold, and of which kind.
//! Says nothing about any dialect, and checks nothing.

/// What a node may be.
#[derive(Clone, Copy, Debug)]
pub(super) enum Kind {
    /// Anything.
    Any,
    /// `true` or `false`.
    Flag,
    /// Any number.
    Number,
    /// A whole number of at least 0.
    Count,
    /// A status code (RFC 9110, section 15): 100 to 599.
    Status,
    /// A text.
    Text,
    /// A text, a number or a flag.
    Scalar,
    /// A JSON pointer (RFC 6901).
    Pointer,
    /// One of these texts.
    Choice(&'static [&'static str]),
    /// A list of such.
    List(&'static Self),
    /// Such a node, or a list of them.
    OneOrMore(&'static Self),
    /// A mapping with keys of that form to such values.
    Map(Key, &'static Self),
    /// A flag, or else such a node.
    FlagOr(&'static Self),
    /// A text, or else such a node.
    TextOr(&'static Self),
    /// That object.
    Object(&'static Object),
    /// That object, or a reference to one.
    Referable(&'static Object),
    /// One of several objects, told apart by the text under a key of theirs.
    Variants(&'static Variants),
    /// The first before OpenAPI 3.1, the second from then on.
    Newer(&'static Self, &'static Self),
    /// The first where the mapping has that key, else the second.
    IfKey(&'static str, &'static Self, &'static Self),
}

/// The form of the keys of a mapping.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Key {
    /// Any text.
    Any,
    /// The name of a component: letters, digits, `.`, `-` and `_`.
    Component,
    /// A path template, which begins with a slash.
    Path,
    /// `default`, a status code, or a range such as `4XX`.
    Status,
    /// A media type or media range (RFC 9110, section 8.3.1).
    MediaType,
    /// A whole number.
    Integer,
}

/// An object of a dialect.
#[derive(Debug)]
pub(super) struct Object {
    /// With its article, as in `an operation`.
    pub(super) name: &'static str,
    /// The section of `components` that defines such objects.
    pub(super) section: Option<&'static str>,
    /// The keys it has.
    pub(super) fields: &'static [Field],
    /// The form of further keys, and what stands under them.
    pub(super) others: Option<(Key, Kind)>,
    /// Keys of neighbouring dialects that are understood well enough to say that they are ignored.
    pub(super) foreign: &'static [&'static str],
    /// Whether keys that begin with `x-` may be added.
    pub(super) extensible: bool,
    /// What the table cannot say.
    pub(super) law: Option<Law>,
}

/// A key, whether it must be there, and what stands under it.
pub(super) type Field = (&'static str, Need, Kind);

/// Whether a key must be there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Need {
    /// It may be absent.
    Optional,
    /// It must be there.
    Required,
    /// It should be there, and does no harm where it is not.
    Expected,
    /// It must be there before OpenAPI 3.1, and may be absent from then on.
    OnceRequired,
    /// It may be absent, and is of older versions than OpenAPI 3.1.
    Earlier,
    /// It may be absent, and is of OpenAPI 3.1 and newer versions.
    Later,
    /// It may be absent, and is of OpenAPI 3.2.
    Latest,
}

impl Need {
    /// Whether a version has the key at all.
    pub(super) fn is_known(self, edition: Edition) -> bool {
        match self {
            Self::Optional | Self::Required | Self::Expected | Self::OnceRequired => true,
            Self::Earlier => edition < Edition::Later,
            Self::Later => edition >= Edition::Later,
            Self::Latest => edition >= Edition::Latest,
        }
    }

    /// Whether it must be there in that version.
    pub(super) fn is_required(self, edition: Edition) -> bool {
        self == Self::Required || self == Self::OnceRequired && edition < Edition::Later
    }
}

/// Versions that differ in keys and kinds, the oldest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Edition {
    /// OpenAPI 3.0, and Swagger 2.0 in its form.
    Earlier,
    /// OpenAPI 3.1.
    Later,
    /// OpenAPI 3.2.
    Latest,
}

/// An object with nothing in it; what the others are told apart from.
pub(super) const OBJECT: Object = Object {
    name: "an object",
    section: None,
    fields: &[],
    others: None,
    foreign: &[],
    extensible: true,
    law: None,
};

/// Objects told apart by the text under a key of theirs.
#[derive(Debug)]
pub(super) struct Variants {
    /// With an article, as in `a security scheme`.
    pub(super) name: &'static str,
    /// That key.
    pub(super) key: &'static str,
    /// Its text, and the object that then stands there.
    pub(super) objects: &'static [(&'static str, &'static Object)],
    /// What another text comes to, where that is not an error.
    pub(super) lenient: Option<&'static str>,
    /// Fields that each of them has besides its own.
    pub(super) common: &'static [Field],
}

impl Variants {
    /// The texts that tell the objects apart.
    pub(super) fn words(&self) -> Vec<&'static str> {
        self.objects.iter().map(|(word, _)| *word).collect()
    }
}

/// A rule over several keys or several objects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Law {
    /// Templates are told apart; placeholders and parameters match.
    Paths,
    /// Path parameters are required; `schema` or `content`; a style of its location.
    Parameter,
    /// `required` names properties.
    Schema,
    /// Its id is its own.
    Operation,
    /// It names an operation that exists.
    Link,
    /// It names security schemes that exist.
    SecurityRequirement,
    /// Variables of the URL are declared.
    Server,
    /// There is at least one response.
    Responses,
}

/// An extension that this crate gives a meaning.
#[derive(Debug)]
pub(super) struct Extension {
    /// Its key.
    pub(super) name: &'static str,
    /// The objects it says something on; any, if there are none.
    pub(super) on: &'static [&'static Object],
    /// What stands under it.
    pub(super) kind: Kind,
}

/// Everything the walk needs to know about one dialect.
#[derive(Debug)]
pub(super) struct Table {
    /// What people call it.
    pub(super) name: &'static str,
    /// Which keys and kinds there are.
    pub(super) edition: Edition,
    /// The object a document is.
    pub(super) root: &'static Object,
    /// The sections of its `components`.
    pub(super) sections: &'static [Field],
    /// The extensions that mean something.
    pub(super) extensions: &'static [Extension],
}
