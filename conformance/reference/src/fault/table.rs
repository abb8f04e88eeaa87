//! Every fault, in one table.

use super::breach::Breach::{
    Announced, Answer, AnswerHead, Ask, Conduct as Treat, Frames, Instead, Lines, Page,
    RequestHead, Scene,
};
use super::frames::Tamper;
use super::wire::Conduct;
use super::{Fault, answers, asks, frames, head, lines, pages, scenes};
use crate::api::Api;

macro_rules! faults {
    ($($api:ident { $($name:literal: $sentence:literal => $($breach:expr),+;)+ })+) => {
        /// Every fault.
        pub(super) const FAULTS: &[Fault] = &[$($(Fault {
            name: $name,
            api: Api::$api,
            sentence: $sentence,
            breaches: &[$($breach),+],
        }),+),+];
    };
}

faults! {
    HuaweiHss {
        // Heads and bodies.
        "page-is-text": "A page of JSON is called plain text." => Answer(answers::page_is_text);
        "times-are-texts": "The time of creation is written as a text." => Answer(answers::times_are_texts);
        "request-id-odd": "The id of a request is no id." => Answer(answers::request_id_odd);
        "request-id-lost": "Errors come without the id of the request." => Answer(answers::request_id_lost);
        "allow-lost": "405 does not say which methods there are." => Answer(answers::allow_lost);
        "challenge-lost": "401 does not say how to authenticate." => Answer(answers::challenge_lost);
        "retry-some-day": "A refusal says to try again soon, in words." => Answer(answers::retry_some_day);
        "line-feeds-alone": "The lines of a head end in LF alone." => AnswerHead(head::line_feeds_alone);
        "two-framings": "404 says twice how long its body is." => AnswerHead(head::two_framings);

        // Credentials.
        "token-not-needed": "A request without a token is served." => Ask(asks::token_not_needed);
        "token-not-looked-at": "Any token will do." => Ask(asks::token_not_looked_at);
        "empty-token-taken": "An empty token will do." => Ask(asks::empty_token_taken);

        // Requests.
        "widest-scope-refused": "Nobody may look in all enterprise projects." => Instead(asks::widest_scope_refused);
        "two-filters-fail": "Two filters at once end in a server error." => Instead(asks::two_filters_fail);
        "numbers-not-checked": "A limit or offset that is no number is passed over." => Ask(asks::numbers_not_checked);
        "long-scope-cut": "An enterprise project that is too long is cut to what fits." => Ask(asks::long_scope_cut);
        "largest-limit-refused": "The largest limit is refused unless an offset comes with it." => Instead(asks::largest_limit_refused);
        "no-scope-is-the-widest": "Without an enterprise project, all are looked in." => Ask(asks::no_scope_is_the_widest);
        "unknown-parameter-refused": "An unknown query parameter is refused." => Instead(asks::unknown_parameter_refused);
        "deeper-paths-served": "A path below the list is the list." => Ask(asks::deeper_paths_served);
        "any-method-reads": "Every method reads the list." => Ask(asks::any_method_reads);

        // Pages.
        "limit-plus-one": "A page has one record more than the limit." => Page(pages::one_more);
        "limit-ignored": "Everything from the offset on is on one page." => Page(pages::limit_ignored);
        "twenty-by-default": "Without a limit a page has twenty records." => Page(pages::twenty_by_default);
        "low-limit-taken": "A limit below the least one is taken as it is." => Scene(scenes::low_limit_taken);
        "lost-on-small-pages": "A record is on long pages only." => Page(pages::lost_on_small_pages);
        "lost-on-odd-pages": "A record is lost where the limit is odd." => Page(pages::lost_on_odd_pages);
        "twice-at-the-border": "The last page begins with the record that ended the one before." => Page(pages::twice_at_the_border);
        "offset-in-pages": "The offset counts whole pages." => Page(pages::offset_in_pages);
        "offset-ignored": "Every page is the first one." => Page(pages::offset_ignored);
        "total-drifts": "The total is one more on every page but the first." => Page(pages::total_drifts);
        "total-one-more": "The total is one more than there are." => Page(pages::total_one_more);
        "total-of-the-page": "The total is the number of records on the page." => Page(pages::total_of_the_page);
        "wraps": "Past the end the list begins anew." => Page(pages::wraps);
        "restless": "The same page comes in two orders by turns." => Page(pages::restless);

        // Filters.
        "filter-adds-a-stranger": "A filtered list has a record that the whole list lacks." => Page(pages::stranger);
        "filter-lets-one-through": "A filtered list has a record that does not match." => Page(pages::one_let_through);
        "filter-holds-one-back": "A filtered list lacks a record that matches." => Page(pages::one_held_back);
        "filter-ignored": "A filter narrows nothing." => Page(pages::filter_ignored);
        "filtered-last": "The page is cut first and filtered then." => Page(pages::filtered_last);
        "all-for-none": "A filter that nothing matches gives everything." => Page(pages::all_for_none);
        "widest-scope-is-narrow": "All enterprise projects are one of them." => Ask(asks::widest_scope_is_narrow);
    }

    Stackrox {
        // Bodies.
        "refusal-cut-short": "The body of a refusal lacks its last byte." => Answer(answers::refusal_cut_short);
        "code-of-another-status": "A refusal has the code of something missing." => Answer(answers::code_of_another_status);
        "empty-query-finds-nothing": "An empty query finds nothing instead of everything." => Answer(answers::empty_query_finds_nothing);

        // Pages.
        "zero-is-none": "A limit of zero gives no pods." => Answer(answers::zero_is_none);
        "limit-without-maximum": "A page is longer than 1000 pods if that is asked for." => Answer(answers::limit_without_maximum);
        "sort-ignored": "The sort field is passed over." => Ask(asks::sort_ignored);
        "reversed-ignored": "A reversed order is the same order." => Ask(asks::reversed_ignored);
        "unknown-sort-ignored": "A sort field that does not exist is passed over." => Ask(asks::unknown_sort_ignored);

        // The export.
        "export-lacks-one": "The export lacks a pod that the list has." => Lines(lines::one_less);
        "two-on-a-line": "Two documents of the export are on one line." => Lines(lines::two_on_a_line);
        "last-line-open": "The last line of the export does not end in a newline." => Lines(lines::unterminated);
        "number-for-time": "A time in the export is a number." => Lines(lines::number_for_time);
        "neither-result-nor-error": "A line of the export is an empty object." => Lines(lines::neither);
        "error-inside": "An error comes in the middle of the export." => Lines(lines::error_inside);
        "exported-twice": "The export has one pod twice." => Lines(lines::one_twice);
        "export-as-an-array": "The export is one JSON array." => Lines(lines::one_array);
        "export-announced": "The export announces its length." => Announced;
        "final-chunk-lost": "The export ends without the final chunk." => Treat(Conduct::LosesFinalChunk);
    }

    Pi {
        // Pods.
        "created-is-ok": "A creation is answered with 200." => Answer(answers::created_is_ok);
        "odd-queries-sent-on": "A query that cannot be decoded is sent elsewhere." => Instead(asks::odd_queries_sent_on);
        "no-content-with-content": "204 comes with content." => AnswerHead(head::no_content_with_content);
        "container-made-up": "A process without a container gets one named `main`." => Ask(asks::container_made_up);
        "unreadable-options-ignored": "Delete options that are called JSON and are none are passed over." => Ask(asks::unreadable_options_ignored);
        "other-options-ignored": "Delete options of another media type are passed over." => Ask(asks::other_options_ignored);
        "lowercase-media-types-only": "A media type in capitals is not known." => Instead(asks::lowercase_media_types_only);
        "hangs-up-on-depth": "A body that is nested too deeply is answered by hanging up." => Treat(Conduct::HangsUpOnDepth);
        "empty-selector-refused": "An empty label selector is refused." => Instead(asks::empty_selector_refused);
        "broken-selector-ignored": "A label selector that cannot be read selects everything." => Ask(asks::broken_selector_ignored);
        "reading-leaves-a-mark": "Each time a pod is read it gets an annotation." => Scene(scenes::reading_leaves_a_mark);
        "labels-lost": "A pod reads back without its labels." => Answer(answers::labels_lost);
        "newest-not-listed": "The list lacks the two pods that were created last." => Scene(scenes::newest_not_listed);
        "removed-still-there": "A pod that was removed can still be read." => Scene(scenes::removed_still_there);
        "nothing-removed-is-success": "Removing a pod that is not there succeeds." => Answer(answers::nothing_removed_is_success);
        "duplicate-is-success": "Creating a pod that is there succeeds." => Scene(scenes::duplicate_is_success);
        "one-id-for-all": "Every prepared process has the same id." => Scene(scenes::one_id_for_all);

        // Frames.
        "header-cut-short": "A stream ends within a header." => Frames(Tamper::End(b"\x01\0\0"));
        "payload-cut-short": "A stream ends within a payload." => Frames(Tamper::End(b"\x01\0\0\0\0\0\0\x05ab"));
        "little-endian": "The size of a frame is little-endian." => Frames(Tamper::Each(frames::little_endian));
        "reserved-set": "The reserved bytes of a frame are not zero." => Frames(Tamper::Each(frames::reserved_set));
        "ninth-stream": "A stream begins with a frame of a ninth stream." => Frames(Tamper::Begin(b"\x09\0\0\0\0\0\0\0"));
        "one-large-frame": "Much output comes in one frame." => Frames(Tamper::Merge);
        "seven-bits": "Only seven bits of each byte get through." => Frames(Tamper::Each(frames::seven_bits));
        "carriage-returns": "Newlines come with a carriage return, terminal or not." => Frames(Tamper::Each(frames::carriage_returns));
        "merged-streams": "Standard error comes as standard output." => Frames(Tamper::Each(frames::merged_streams));
        "first-frame-lost": "The first frame of a stream is lost." => Frames(Tamper::LoseFirst);
        "frames-promised": "The plain bytes of a terminal are called frames." => Answer(answers::frames_promised);
        "never-ends": "A stream without output does not end." => Treat(Conduct::NeverEnds);
        "closes-at-half-close": "The end of the client's direction ends the other one too." => Treat(Conduct::ClosesAtHalfClose);
        "closes-when-idle": "A stream that says nothing for a while is closed." => Treat(Conduct::ClosesWhenIdle);
        "left-pods-are-lost": "A pod whose stream a client has left runs nothing more." => Scene(scenes::left_pods_are_lost), Treat(Conduct::NotesLeavers);

        // Upgrades.
        "offer-made-up": "A start without an offer to upgrade is upgraded." => RequestHead(head::offer_made_up);
        "offers-refused": "A start with an offer to upgrade is refused." => Instead(asks::offers_refused);
        "offers-needed": "A start without an offer to upgrade is refused." => Instead(asks::offers_needed);
        "switch-without-protocol": "101 does not name the protocol." => AnswerHead(head::switch_without_protocol);
        "switch-to-another-protocol": "101 names a protocol that was not offered." => AnswerHead(head::switch_to_another_protocol);
        "switch-for-what-is-missing": "The start of a process that does not exist is answered with 101." => AnswerHead(head::switch_for_what_is_missing);

        // Sequences.
        "no-command-needed": "A process without a command is prepared." => Ask(asks::no_command_needed);
        "cross-talk": "Streams that are open at the same time mix." => Frames(Tamper::CrossTalk);
        "resize-without-effect": "A resize is confirmed, and the terminal keeps the usual size." => Ask(asks::usual_size_only);
    }
}
