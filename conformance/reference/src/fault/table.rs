//! Every fault, in one table.

use super::breach::Breach::{
    Announced, Answer, AnswerHead, Ask, Conduct as Treat, First, Frames, Instead, Line, Lines,
    Messages, Page, RequestHead, Scene, Unended,
};
use super::cluster::{logs, messages, reach, walks, watches, writes};
use super::frames::Tamper;
use super::sockets::Side::{Client, Server};
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

    Kubernetes {
        // Walks.
        "item-lost-at-the-cut": "A page that another follows lacks its last pod." => Answer(walks::item_lost_at_the_cut);
        "last-token-kept": "The last page has the token that led to it." => Answer(walks::last_token_kept);
        "token-of-nothing": "The last page has a token that is refused." => Answer(walks::token_of_nothing);
        "walk-over-the-newest": "Each page is cut out of what is there when it is asked for." => Scene(walks::walk_over_the_newest);
        "remaining-of-the-page": "The number of pods still to come is that of the page." => Answer(walks::remaining_of_the_page);
        "version-of-the-page": "A page that a token led to has a version of its own." => Answer(walks::version_of_the_page);
        "any-token-begins-anew": "A token that cannot be read leads to the first page." => Ask(walks::any_token_begins_anew);
        "expired-is-malformed": "A token that is too old is refused as malformed." => Scene(walks::expired_is_malformed);
        "limit-bound-to-the-token": "A token is refused with another limit than that of its page." => Scene(walks::limit_bound_to_the_token);
        "selector-forgotten-on-the-way": "Pages that a token led to are not selected by labels." => Ask(walks::selector_forgotten_on_the_way);
        "notin-means-in": "A selector takes notin for in." => Ask(walks::notin_means_in);
        "fields-not-selected": "A field selector narrows no list." => Ask(walks::fields_not_selected);
        "deletion-of-all": "Deleting many pods passes the selectors over." => Ask(walks::deletion_of_all);

        // Watches.
        "deleted-as-modified": "A pod that went is told as modified." => Line(watches::deleted_as_modified);
        "creation-told-again": "A watch that resumes after the creation of a pod tells it again." => Ask(watches::version_before), Line(watches::creation_alone);
        "bookmark-without-version": "A bookmark has no version." => First(watches::bookmark_without_version);
        "bookmark-for-all": "A watch begins with a bookmark that nobody asked for." => First(watches::bookmark_for_all);
        "time-ignored": "A watch lasts longer than was asked." => Ask(watches::time_ignored);
        "additions-without-line-end": "What follows a new pod begins on its line." => Line(watches::additions_without_line_end);
        "head-waits": "A watch is answered with its first event, or seconds late." => Scene(watches::head_waits);
        "leaving-untold": "A watch does not tell what its selector no longer selects." => Line(watches::leaving_untold);
        "begins-with-nothing": "A watch without a version does not tell what is there." => Scene(watches::begins_with_nothing);
        "changes-untold": "A watch tells what comes and goes, and no change." => Line(watches::changes_untold);
        "changes-of-a-stub": "A pod that changed comes without its containers." => Line(watches::changes_of_a_stub);
        "refusal-as-event": "A watch that is to be refused begins, with an error for its first event." => Scene(watches::refusal_as_event);
        "versions-stand-still": "Every event has the version that the watch began with." => Line(watches::versions_stand_still);

        // Logs.
        "tail-ignored": "A log comes whole where its last lines are asked for." => Ask(logs::tail_ignored);
        "bytes-ignored": "A log comes whole where its first bytes are asked for." => Ask(logs::bytes_ignored);
        "age-ignored": "A log comes whole where its last seconds are asked for." => Ask(logs::age_ignored);
        "previous-ignored": "The log of the run before is that of the run." => Ask(logs::previous_ignored);
        "first-container-always": "The log is that of the first container, whichever is asked for." => Ask(logs::first_container_always);
        "times-with-a-blank": "The times of a log have a blank where the T belongs." => Line(logs::times_with_a_blank);
        "never-followed": "A log that is followed ends with what is there." => Ask(logs::never_followed);
        "followed-for-ever": "A log that is followed does not end with its container." => Unended(logs::followed_for_ever);

        // Writes.
        "any-version-written": "A pod is put in place whatever version it rests on." => Ask(writes::any_version_written);
        "trial-is-kept": "A pod that is created on trial stays." => Ask(writes::trial_is_kept);
        "tests-pass": "The tests of a JSON patch are passed over." => Ask(writes::tests_pass);
        "nulls-passed-over": "A merge patch removes nothing." => Ask(writes::nulls_passed_over);
        "nothing-at-once": "A deletion without any grace deletes nothing." => Ask(writes::nothing_at_once);
        "name-of-the-path": "A pod that is put under another name than its own is taken." => Ask(writes::name_of_the_path);
        "generated-names-alike": "A generated name is the prefix alone." => Ask(writes::generated_names_alike);
        "every-put-counts": "A pod that is put as it was is changed." => Scene(writes::every_put_counts);
        "strategic-is-merge": "A strategic merge patch is done as a merge patch." => Ask(writes::strategic_is_merge);
        "apply-takes-all": "An apply takes fields that others own." => Ask(writes::apply_takes_all);
        "preconditions-ignored": "A deletion has no preconditions." => Ask(writes::preconditions_ignored);
        "status-written-anywhere": "A patch of a pod changes its status." => Scene(writes::status_written_anywhere);
        "fixed-parts-passed-over": "A merge patch of what cannot be changed is taken, and changes nothing of it." => Ask(writes::fixed_parts_passed_over);
        "code-of-an-error": "Every refusal says that its code is 500." => Answer(writes::code_of_an_error);
    }

    Openshift {
        // Credentials.
        "anonymous-may-read": "Who has no token may read." => Ask(reach::anonymous_may_read);
        "strangers-may-read": "Who has an unknown token may read." => Ask(reach::strangers_may_read);

        // Processes.
        "always-well": "Every process ends well." => Messages(Server, "/exec", messages::always_well);
        "errors-as-output": "Standard error comes on the channel of standard output." => Messages(Server, "/exec", messages::errors_as_output);
        "no-outcome": "How a process ended is not told." => Messages(Server, "/exec", messages::no_outcome);
        "two-outcomes": "How a process ended is told twice." => Messages(Server, "/exec", messages::two_outcomes);
        "end-of-input-unheard": "Closing the channel of standard input does not close it." => Messages(Client, "/exec", messages::end_of_input_unheard);
        "sizes-unheard": "The terminal keeps its size." => Messages(Client, "/exec", messages::sizes_unheard);
        "pings-unheard": "A ping is not answered." => Messages(Client, "/exec", messages::pings_unheard);
        "closed-by-failure": "A stream that ended closes with the code of a failure." => Messages(Server, "/exec", messages::closed_by_failure);
        "bytes-called-text": "Messages of bytes are called text." => Messages(Server, "/exec", messages::bytes_called_text);
        "arguments-parted": "Arguments are parted at blanks." => Ask(reach::arguments_parted);
        "errors-unasked": "Standard error comes, asked for or not." => Ask(reach::errors_unasked);
        "no-upgrade-needed": "Without an upgrade, a process has nothing to say and no refusal." => Answer(reach::no_upgrade_needed);
        "subprotocol-of-its-own": "The subprotocol is one that was not offered." => AnswerHead(reach::subprotocol_of_its_own);

        // Ports.
        "ports-turned-round": "The number of a port is big-endian." => Messages(Server, "/portforward", messages::ports_turned_round);
        "ports-mixed": "What a second port says comes from the first." => Messages(Server, "/portforward", messages::ports_mixed);

        // Requests that are handed on.
        "query-lost-on-the-way": "A query is not handed on to the pod." => Ask(reach::query_lost_on_the_way);
        "path-cut-on-the-way": "The first segment of a path alone is handed on to the pod." => Ask(reach::path_cut_on_the_way);
        "everything-is-read": "Whatever the method, the pod is asked with GET." => Ask(reach::everything_is_read);
        "bodies-lost-on-the-way": "A body is not handed on to the pod." => Ask(reach::bodies_lost_on_the_way);
        "status-lost-on-the-way": "What a pod refuses is a bad gateway." => Answer(reach::status_lost_on_the_way);
        "head-with-content": "The answer to HEAD has content." => AnswerHead(reach::head_with_content);

        // Places.
        "budget-passed-over": "A pod that a budget keeps is evicted." => Scene(reach::budget_passed_over);
        "evicted-on-trial": "An eviction is taken, and nothing goes." => Ask(reach::evicted_on_trial);
        "bound-on-trial": "A binding is taken, and the pod has no node." => Ask(reach::bound_on_trial);
        "bound-again": "A pod that has a node may be given one." => Answer(reach::bound_again);
    }
}
