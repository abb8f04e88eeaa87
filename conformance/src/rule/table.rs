//! The rules. Adding one here makes `cargo test` ask for its mutant.

use super::{Entry, Level};

macro_rules! rules {
    ($($(#[$chapter:meta])* $name:ident = $id:literal, $level:ident, $sentence:literal $(, needs [$($need:ident),+])?;)+) => {
        /// Every rule.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[expect(missing_docs, reason = "the sentence of each rule stands in the table")]
        pub enum Rule { $($name,)+ }

        impl Rule {
            /// What is said of every rule, in the order of the enum.
            pub const TABLE: &'static [Entry] = &[$(Entry {
                rule: Rule::$name,
                id: $id,
                level: Level::$level,
                sentence: $sentence,
                needs: &[$($(Rule::$need),+)?],
            },)+];
        }
    };
}

rules! {
    StatusSuccess = "status.success", Must, "A valid request with a valid credential is answered with a documented success.";
    StatusDocumented = "status.documented", Must, "The status is one that the operation documents, or a conventional refusal.";
    StatusServerError = "status.server-error", Should, "No request, however odd, is answered with a server error.";
    StatusInterim = "status.interim", Must, "No 1xx but 101 ends an exchange, and 101 answers an offer to upgrade (RFC 9110 §15.2).";

    BodyMediaType = "body.media-type", Must, "The body has a media type that is documented for its status.";
    BodyJson = "body.json", Must, "A JSON body is exactly one JSON document (RFC 8259 §2).";
    BodySchema = "body.schema", Must, "The body is valid against the schema documented for its status and media type.", needs [BodyJson];
    BodyAbsent = "body.absent", Must, "An answer that may not have content has none (RFC 9110 §6.4.1).";
    BodyStatusField = "body.status-field", Should, "The member that repeats the status agrees with it.", needs [BodySchema];

    HeadersMessage = "headers.message", Must, "The message is framed by the laws of HTTP/1.1 (RFC 9112 §6, §7).";
    HeadersRequired = "headers.required", Must, "Every header field documented as required is there.";
    HeadersSchema = "headers.schema", Must, "A documented header field has a value of its schema.";
    HeadersAllow = "headers.allow", Must, "405 comes with Allow (RFC 9110 §15.5.6).";
    HeadersChallenge = "headers.challenge", Must, "401 comes with WWW-Authenticate (RFC 9110 §15.5.2).";
    HeadersRetryAfter = "headers.retry-after", Must, "Retry-After holds seconds or an HTTP date (RFC 9110 §10.2.3).";

    RequestType = "request-validation.type", Must, "A value of another type than documented is refused.", needs [StatusSuccess];
    RequestConstraint = "request-validation.constraint", Should, "A value that breaks one documented constraint is refused.", needs [StatusSuccess];
    RequestRequired = "request-validation.required", Must, "A request that lacks something required is refused.", needs [StatusSuccess];
    RequestMalformed = "request-validation.malformed", Must, "A body that is not a document of its media type is refused.", needs [StatusSuccess];
    RequestMediaType = "request-validation.media-type", Should, "A body of an undocumented media type is refused.", needs [StatusSuccess];
    RequestMediaTypeCase = "request-validation.media-type-case", Must, "Media types are compared without regard to case (RFC 9110 §8.3.1).", needs [StatusSuccess];
    RequestBoundary = "request-validation.boundary", Must, "A value on the edge of its documented range is accepted.", needs [StatusSuccess];
    RequestDefault = "request-validation.default", Must, "Sending the documented default means the same as sending nothing.", needs [StatusSuccess];
    RequestSameAsAbsent = "request-validation.same-as-absent", Should, "A value documented to mean nothing means the same as sending nothing.", needs [StatusSuccess];
    RequestUnknownParameter = "request-validation.unknown-parameter", Should, "An unknown query parameter is ignored.", needs [StatusSuccess];
    RequestRobust = "request-validation.robust", Should, "A broken request is refused, and the server goes on serving.";

    RoutingUnknownPath = "routing.unknown-path", Should, "A path that is not documented is answered with 404 (RFC 9110 §15.5.5).";
    RoutingUnknownMethod = "routing.unknown-method", Should, "A method that is not documented is refused (RFC 9110 §15.5.6).";

    AuthMissing = "auth.missing", Must, "A request without the required credential is refused.", needs [StatusSuccess];
    AuthWrong = "auth.wrong", Should, "A request with a made-up credential is refused.", needs [StatusSuccess];
    AuthEmpty = "auth.empty", Must, "A request with an empty credential is refused.", needs [StatusSuccess];

    LifecycleSafe = "lifecycle.safe", Must, "Two equal safe requests with nothing written in between get equal answers (RFC 9110 §9.2.1).", needs [StatusSuccess];
    LifecycleReadBack = "lifecycle.read-back", Must, "What was created can be read, with the values that were sent.", needs [StatusSuccess];
    LifecycleListed = "lifecycle.listed", Must, "What was created is in the list until it is deleted.", needs [LifecycleReadBack];
    LifecycleGone = "lifecycle.gone", Must, "What was deleted is missing afterwards.", needs [LifecycleReadBack];
    LifecycleMissing = "lifecycle.missing", Must, "A resource that does not exist is answered as missing.", needs [StatusSuccess];
    LifecycleDuplicate = "lifecycle.duplicate", Should, "Creating what is already there is refused.", needs [LifecycleReadBack];
    LifecycleDistinct = "lifecycle.distinct", Should, "Two creations give two identities.", needs [StatusSuccess];
    LifecycleUpdate = "lifecycle.update", Must, "What was put in the place of a thing reads back as it was sent.", needs [LifecycleReadBack];
    LifecycleVersion = "lifecycle.version", Should, "The version moves on with every change, and with nothing else.", needs [LifecycleUpdate];
    LifecycleConflict = "lifecycle.conflict", Should, "A write that rests on an older version is refused, and changes nothing.", needs [LifecycleVersion];
    LifecycleIdentity = "lifecycle.identity", Should, "What is written cannot take another name.", needs [LifecycleUpdate];
    LifecycleMergePatch = "lifecycle.merge-patch", Must, "A merge patch sets members, and null removes them (RFC 7396).", needs [LifecycleReadBack];
    LifecycleJsonPatch = "lifecycle.json-patch", Must, "The operations of a patch are done in order (RFC 6902 §3).", needs [LifecycleReadBack];
    LifecyclePatchAtomic = "lifecycle.patch-atomic", Must, "A patch of which one operation fails is refused, and changes nothing (RFC 5789 §2).", needs [LifecycleJsonPatch];
    LifecyclePatchMalformed = "lifecycle.patch-malformed", Should, "What is no patch document of its media type is refused (RFC 5789 §2.2).";
    LifecycleDryRun = "lifecycle.dry-run", Must, "A dry run is answered as ever, and leaves nothing behind.", needs [LifecycleReadBack];

    PagingPageSize = "paging.page-size", Must, "No list under the window is longer than the limit.", needs [BodySchema];
    PagingDefaultPage = "paging.default-page", Must, "Without a limit, the documented default applies.", needs [PagingPageSize];
    PagingMaxPage = "paging.max-page", Should, "No page is longer than the documented maximum, whatever is asked.", needs [BodySchema];
    PagingOutOfRange = "paging.out-of-range", Should, "A limit or offset outside its documented range is refused or clamped, as documented.", needs [BodySchema];
    PagingZero = "paging.zero", Should, "A limit of zero, where documented to mean none, means the same as none.", needs [BodySchema];
    PagingComplete = "paging.complete", Must, "A walk gives every item of the list.", needs [PagingPageSize];
    PagingDistinct = "paging.distinct", Must, "A walk gives no item twice.", needs [PagingPageSize];
    PagingSizeIndependent = "paging.size-independent", Must, "Walks with different page sizes give the same items.", needs [PagingComplete, PagingDistinct];
    PagingWindow = "paging.window", Must, "The offset counts items: pages that overlap agree where they do.", needs [PagingComplete, PagingDistinct];
    PagingTotalConstant = "paging.total-constant", Must, "The total is the same on every page of a list that nobody changes.", needs [BodySchema];
    PagingTotalCorrect = "paging.total-correct", Must, "The total is the number of items that a walk gives.", needs [PagingSizeIndependent, PagingTotalConstant];
    PagingPastEnd = "paging.past-end", Should, "At and past the end of the list, a page is empty.", needs [PagingWindow, PagingTotalConstant];
    PagingStable = "paging.stable", Should, "The same page asked for twice has the same items in the same order.", needs [BodySchema];
    PagingSorted = "paging.sorted", Must, "Sorted items are in order.", needs [PagingComplete, PagingDistinct];
    PagingReversed = "paging.reversed", Must, "The reversed order is the order turned round.", needs [PagingSorted];
    PagingSortUnknown = "paging.sort-unknown", Should, "An order that does not exist is refused.", needs [BodySchema];
    PagingFilterSubset = "paging.filter-subset", Must, "A filtered list is part of the unfiltered one.", needs [PagingComplete, PagingDistinct];
    PagingFilterMatch = "paging.filter-match", Must, "Every item of a filtered list matches the filter.", needs [PagingFilterSubset];
    PagingFilterComplete = "paging.filter-complete", Must, "Every item that matches the filter is in the filtered list.", needs [PagingFilterSubset];
    PagingFilterWalk = "paging.filter-walk", Must, "Walking a filtered list in pages gives the same as asking for it at once.", needs [PagingFilterSubset, PagingCursorProgress, PagingCursorEnd];
    PagingFilterNone = "paging.filter-none", Should, "A filter that nothing matches gives an empty list.", needs [BodySchema];
    PagingFilterMalformed = "paging.filter-malformed", Should, "A filter that cannot be read is refused.", needs [BodySchema];
    PagingScope = "paging.scope", Must, "The widest scope holds everything that the default one does.", needs [PagingComplete, PagingDistinct];
    PagingEquivalent = "paging.equivalent", Must, "Two operations documented as equivalent give the same items.", needs [PagingComplete, PagingDistinct];

    PagingCursorProgress = "paging.cursor-progress", Must, "Every token leads further: none comes again, and a walk ends.", needs [BodySchema];
    PagingCursorEnd = "paging.cursor-end", Must, "The last page carries no token.", needs [BodySchema];
    PagingCursorVersion = "paging.cursor-version", Should, "All pages of a walk state the same version of the list.", needs [BodySchema];
    PagingCursorRemaining = "paging.cursor-remaining", Should, "Where a page states how many items are still to come, so many come.", needs [PagingComplete, PagingDistinct];
    PagingCursorLimit = "paging.cursor-limit", Should, "The limit may change from page to page, and a token without one gives the rest.", needs [PagingComplete, PagingDistinct];
    PagingCursorSnapshot = "paging.cursor-snapshot", Must, "A walk shows the list as it was when it began, whatever is written meanwhile.", needs [PagingComplete, PagingDistinct];
    PagingCursorRefused = "paging.cursor-refused", Must, "A token that no page gave is refused.", needs [BodySchema];
    PagingCursorExpired = "paging.cursor-expired", Must, "A token that expired is refused as documented, and the list can be walked anew.", needs [PagingComplete];

    FrameHeader = "frame.length-prefixed.header", Must, "A stream ends at a frame's border: no header is cut short.";
    FramePayload = "frame.length-prefixed.length", Must, "A frame's payload is as long as its header says.";
    FrameConstant = "frame.length-prefixed.const", Must, "A constant field of a frame's header has its documented value.";
    FrameStream = "frame.length-prefixed.stream", Must, "A frame names a documented stream.";
    FrameMax = "frame.length-prefixed.max", Must, "No frame is longer than documented.";
    FrameLineJson = "frame.lines.json", Must, "Each line is one JSON document.";
    FrameLineTerminated = "frame.lines.terminated", Must, "Each line ends in a newline.";
    FrameLineSchema = "frame.lines.schema", Must, "Each item is valid against its schema.", needs [FrameLineJson];
    FrameLineAlternatives = "frame.lines.alternatives", Must, "Each item holds exactly one of its alternatives.", needs [FrameLineJson];
    FrameLineFinal = "frame.lines.final", Must, "Nothing follows a final item.", needs [FrameLineJson];
    FrameLineDistinct = "frame.lines.distinct", Must, "No item comes twice.", needs [FrameLineJson];
    FrameSocketUnmasked = "frame.websocket.unmasked", Must, "No frame of the server is masked (RFC 6455 §5.1).";
    FrameSocketReserved = "frame.websocket.reserved", Must, "Reserved bits are 0, and opcodes are those in use (RFC 6455 §5.2).";
    FrameSocketLength = "frame.websocket.length", Must, "A length is written in the fewest bytes, and so many follow (RFC 6455 §5.2).";
    FrameSocketControl = "frame.websocket.control", Must, "A control frame is whole and carries at most 125 bytes (RFC 6455 §5.5).";
    FrameSocketFragments = "frame.websocket.fragments", Must, "The parts of a message follow each other, to the last (RFC 6455 §5.4).";
    FrameSocketText = "frame.websocket.text", Must, "A text is UTF-8 (RFC 6455 §5.6).";
    FrameSocketClose = "frame.websocket.close", Must, "A close carries no code or one that may be sent, and no message follows it (RFC 6455 §5.5.1, §7.4).";
    FrameSocketPong = "frame.websocket.pong", Must, "A ping is answered with a pong that carries the same (RFC 6455 §5.5.3).";
    FrameSocketCloseEcho = "frame.websocket.close-echo", Must, "A close is answered with a close (RFC 6455 §5.5.1).";
    FrameSocketMaskRequired = "frame.websocket.mask-required", Must, "A frame of the client that is not masked ends the connection (RFC 6455 §5.1).";
    FrameSocketFragmented = "frame.websocket.fragmented", Must, "A message in parts means the same as the message whole (RFC 6455 §5.4).";
    FrameChannelMessage = "frame.channels.message", Should, "A message is made of what its subprotocol has, and names its channel.";
    FrameChannelNumber = "frame.channels.number", Should, "A message is on a documented channel that the server writes.";
    FrameChannelAsked = "frame.channels.asked", Must, "A channel that was not asked for carries nothing.";
    FrameChannelTimes = "frame.channels.times", Should, "A channel of documents carries as many as documented.";
    FrameChannelSchema = "frame.channels.schema", Should, "Each document on a channel is valid against its schema.";
    FrameChannelLast = "frame.channels.last", Should, "What is documented to come last comes after everything else.";
    FrameChannelClose = "frame.channels.close", Should, "A server that ends a stream closes it, with the code for a normal end.";
    FrameChannelIgnored = "frame.channels.ignored", Should, "A message that means nothing is ignored.";
    FrameChannelOutcome = "frame.channels.outcome", Should, "The document on a channel tells how what ran has ended.";
    FramePairOpening = "frame.channel-pairs.opening", Should, "Each channel of a pair opens with its documented value.";
    FrameContent = "frame.content", Must, "Each stream carries exactly the bytes that were written to it.";
    FrameOrigin = "frame.origin", Must, "A stream carries nothing that was written to another or that was not asked for.";
    FrameMediaType = "frame.media-type", Should, "The media type of a stream is documented for the framing it has.";
    FrameUnbounded = "frame.unbounded", Should, "A stream does not announce its length.";
    FrameEnds = "frame.ends", Should, "A stream ends soon after what it carries has ended.";
    FrameHalfClose = "frame.half-close", Should, "What the client's end of sending sets free still arrives.";
    FrameStaysOpen = "frame.stays-open", Should, "A stream stays open while its input is.";
    FrameAbort = "frame.abort", Should, "A client that goes away in the middle does no harm to later requests.";

    WatchEvent = "watch.event", Must, "Each event has a documented type, and an object.", needs [FrameLineJson];
    WatchObject = "watch.object", Should, "The object of a change is valid against the schema of the listed items.", needs [WatchEvent];
    WatchVersion = "watch.version", Should, "The version moves on from change to change.", needs [WatchEvent];
    WatchOrder = "watch.order", Must, "What is modified or deleted was added before, and what is added was not there.", needs [WatchEvent];
    WatchHead = "watch.head", Should, "The head of the answer does not wait for the first event.";
    WatchInitial = "watch.initial", Should, "A watch without a version begins with what is documented.", needs [WatchEvent];
    WatchComplete = "watch.complete", Must, "Every change that is made while a watch is open comes as an event.", needs [WatchEvent];
    WatchResume = "watch.resume", Must, "A watch from a version tells everything that came after it and nothing from before.", needs [WatchOrder, WatchComplete];
    WatchSelector = "watch.selector", Should, "With a selector, what begins to match is added and what ceases to match is deleted.", needs [WatchComplete];
    WatchBookmark = "watch.bookmark", Must, "A bookmark comes only where it was asked for, and carries a version.", needs [WatchEvent];
    WatchTimeout = "watch.timeout", Must, "A watch ends cleanly when its time is over, and not before.";
    WatchError = "watch.error", Should, "An error is the last event; a version that is too old gets one, or a refusal.", needs [WatchEvent];
    WatchRefused = "watch.refused", Should, "A watch at fault is refused before it begins.";

    LogTail = "log.tail", Must, "A log cut to its last lines has exactly those.";
    LogBytes = "log.bytes", Must, "A log cut to its first bytes is as long, give or take a line.";
    LogSince = "log.since", Must, "A log of the last seconds has no line from before, and lacks none from after.", needs [LogTimestamps];
    LogTimestamps = "log.timestamps", Must, "With times, each line begins with its own (RFC 3339) and a space, and none goes back.";
    LogFollow = "log.follow", Must, "A log that is followed has what was there and what comes, until its source is gone.";
    LogEnds = "log.ends", Must, "A log that is not followed ends, though its source goes on.";
    LogConflict = "log.conflict", Must, "Options that exclude each other are refused.";

    UpgradeSwitch = "upgrade.switch", Must, "An offer to upgrade is answered with 101, or as a documented request without one.";
    UpgradeHeaders = "upgrade.headers", Must, "101 names the protocol in Upgrade and lists upgrade in Connection (RFC 9110 §7.8).";
    UpgradeProtocol = "upgrade.protocol", Must, "The protocol switched to is one that was offered (RFC 9110 §7.8).";
    UpgradePlain = "upgrade.plain", Must, "A request without an offer to upgrade gets its documented answer without one.";
    UpgradeRequired = "upgrade.required", Should, "Without an offer to upgrade, a request that needs one is refused.";
    UpgradeAccept = "upgrade.websocket.accept", Must, "101 answers the key of its handshake (RFC 6455 §4.2.2).";
    UpgradeSubprotocol = "upgrade.websocket.subprotocol", Must, "101 agrees on what was offered: one of the subprotocols or none, and no extension (RFC 6455 §4.2.2).";
    UpgradeUnknownSubprotocol = "upgrade.websocket.unknown-subprotocol", Should, "A handshake that offers none of the documented subprotocols is refused, or agrees on none.";
    UpgradeVersion = "upgrade.websocket.version", Must, "Another version is refused with 400 or 426, and the right one is named (RFC 6455 §4.4).";
    UpgradeKey = "upgrade.websocket.key", Must, "A handshake without a key is refused (RFC 6455 §4.2.1).";
    UpgradeMethod = "upgrade.websocket.method", Must, "A handshake by another method than GET is refused (RFC 6455 §4.2.1).";
    UpgradeRefused = "upgrade.refused", Must, "A request at fault is refused before any upgrade, with an ordinary answer.";

    WorkflowStep = "workflow.step", Must, "Each step of a workflow meets its criteria.";
    WorkflowIsolated = "workflow.isolated", Must, "What runs at the same time does not mix.";
    WorkflowEffect = "workflow.effect", Must, "What a step changes is seen by what it changes.";
}

impl Rule {
    /// The first entry, for a lookup that cannot miss.
    pub(super) const FIRST: Entry = Self::TABLE[0];
}
