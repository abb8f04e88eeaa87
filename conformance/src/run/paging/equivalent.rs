//! An operation whose items another one lists as well.

use std::rc::Rc;

use generator::contract::{
    Equivalent, Filter, FilterMatch, FrameRule, Layout, Lines, Operation, Pointer,
};
use serde_json::Value;

use super::filter::{values, written};
use super::list::{List, parameter, with};
use super::survey;
use crate::call::{Call, Intent};
use crate::judge::paging::{self as judge, Item, Own, Ruling, Survey, key};
use crate::rule::Rule;
use crate::run::provide::Provider;
use crate::run::session::Session;
use crate::transcript::Transcript;
use crate::verdict::Judgement;

/// Compares what an operation gives with what the other one lists, as a whole and narrowed.
pub(super) async fn run(
    session: &Session<'_>,
    provider: &Provider,
    operation: &Operation,
    equivalent: &Equivalent,
) {
    match pair(session, provider, operation, equivalent).await {
        Ok(pair) => {
            let first = pair.look().await;
            let found = super::settled(first, async || pair.look().await).await;
            super::record(session, operation, found);
        }
        Err(why) => {
            let skip = Judgement::skip(Rule::PagingEquivalent, why);
            session.judge(&operation.id.0, vec![skip], &[]);
        }
    }
}

/// An operation and the list that it is equivalent to.
struct Pair<'r, 'a> {
    operation: &'r Operation,
    equivalent: &'r Equivalent,
    call: Call,
    list: List<'r, 'a>,
    /// Which of the other's lists.
    number: usize,
}

async fn pair<'r, 'a>(
    session: &'r Session<'a>,
    provider: &Provider,
    operation: &'r Operation,
    equivalent: &'r Equivalent,
) -> Result<Pair<'r, 'a>, String> {
    let other = session
        .api
        .operation(&equivalent.operation)
        .ok_or_else(|| format!("there is no {}", equivalent.operation))?;
    let paging = other
        .paging
        .as_ref()
        .ok_or_else(|| format!("nothing says how the list of {} is walked", other.id))?;
    let number = paging
        .items
        .iter()
        .position(|items| *items == equivalent.items)
        .ok_or_else(|| format!("{} has no list at {}", other.id, equivalent.items))?;
    if !operation.method.is_safe() || !other.method.is_safe() {
        return Err("only safe operations are compared".to_owned());
    }
    let own = provider.call(session, operation, Intent::Valid).await;
    let base = provider.call(session, other, Intent::Valid).await;
    let (call, base) = (own.map_err(|why| why.to_string())?, base.map_err(|why| why.to_string())?);
    Ok(Pair { operation, equivalent, call, list: List::new(session, other, paging, base), number })
}

impl Pair<'_, '_> {
    async fn look(&self) -> Vec<Ruling> {
        let mut found = Vec::new();
        let (all, survey) = match self.compared(None).await {
            // Parts of what already differs would only differ again.
            Ok((_, _, ruling)) if ruling.judgement.outcome.is_finding() => return vec![ruling],
            Ok((own, survey, ruling)) => {
                found.push(ruling);
                (own, survey)
            }
            Err(why) => return vec![Ruling::inconclusive(Rule::PagingEquivalent, why)],
        };
        for filter in self.list.paging.filters.iter().filter(|filter| self.shares(filter)) {
            for value in values(&self.list, &survey.whole, filter) {
                found.extend(self.narrowed(&all, filter, &value).await);
            }
        }
        found
    }

    /// Whether a filter of the other operation narrows this one too: a parameter of the same name means the same.
    fn shares(&self, filter: &Filter) -> bool {
        !matches!(filter.matches, FilterMatch::Scope(_))
            && parameter(self.operation, &filter.parameter).is_some()
    }

    async fn narrowed(&self, all: &Own, filter: &Filter, value: &str) -> Vec<Ruling> {
        let value = written(filter, value);
        match self.compared(Some((&filter.parameter, &value))).await {
            Ok((own, survey, ruling)) => {
                let what = format!("{}={value}", filter.parameter);
                vec![ruling, judge::own_subset(self.equivalent, all, &own, &survey, &what)]
            }
            Err(why) => vec![Ruling::inconclusive(Rule::PagingEquivalent, why)],
        }
    }

    /// The other's list, the own items, and the other's list again.
    async fn compared(
        &self,
        narrowed: Option<(&str, &str)>,
    ) -> Result<(Own, Survey, Ruling), String> {
        let list = &self.list;
        let (call, base) = match narrowed {
            Some((name, value)) => {
                (with(&self.call, name, value), with(&list.sorted(), name, value))
            }
            None => (self.call.clone(), list.sorted()),
        };
        let before =
            survey::whole_of(list, &base, None).await.map_err(|refusal| refusal.to_string())?;
        let own = self.own(&call).await?;
        let known = before.is_finished().then(|| before.count());
        let after =
            survey::whole_of(list, &base, known).await.map_err(|refusal| refusal.to_string())?;
        let survey = Survey { whole: before, paged: Vec::new(), again: after };
        let ruling = judge::equivalent(self.equivalent, self.number, &own, &survey);
        Ok((own, survey, ruling))
    }

    async fn own(&self, call: &Call) -> Result<Own, String> {
        let exchange = self.list.session.send(self.operation, call).await;
        let transcript = exchange.transcript;
        let values = items(self.operation, &transcript)?;
        let identity = &self.list.paging.identity;
        let items = values
            .iter()
            .filter_map(|value| self.equivalent.each.get(value))
            .map(|value| Item { key: key(identity, value), value: value.clone() })
            .collect();
        Ok(Own { items, transcript: Rc::clone(&transcript) })
    }
}

/// The items of an answer: the lines of a stream, or what its body lists.
fn items(operation: &Operation, transcript: &Transcript) -> Result<Vec<Value>, String> {
    match transcript.status() {
        Some(200..=299) if transcript.is_whole() => {}
        Some(200..=299) => return Err("the answer came in part only".to_owned()),
        Some(status) => return Err(format!("the answer was {status}")),
        None => return Err("no answer came".to_owned()),
    }
    if let Some(lines) = lines(operation, transcript) {
        return of_lines(lines, &transcript.body());
    }
    let body = transcript.json().map_err(|error| format!("the body is not JSON: {error}"))?;
    let listed: Vec<&Value> = match &operation.paging {
        Some(paging) => paging.items.iter().filter_map(|items| items.get(&body)).collect(),
        None => vec![&body],
    };
    Ok(listed
        .into_iter()
        .flat_map(|value| match value {
            Value::Array(items) => items.clone(),
            single => vec![single.clone()],
        })
        .collect())
}

/// How the answer is cut into lines, if it is.
fn lines<'o>(operation: &'o Operation, transcript: &Transcript) -> Option<&'o Lines> {
    let (_, response) = operation.responses.get(transcript.status()?)?;
    let own = response.content.iter().flat_map(|content| &content.frames);
    own.chain(&operation.frames).find_map(|rule: &FrameRule| match &rule.framing.receive {
        Layout::Lines(lines) => Some(lines),
        _ => None,
    })
}

fn of_lines(lines: &Lines, body: &[u8]) -> Result<Vec<Value>, String> {
    let is_last =
        |value: &Value, last: &Pointer| last.get(value).is_some_and(|value| !value.is_null());
    let mut items = Vec::new();
    for line in body.split(|byte| *byte == b'\n').filter(|line| !line.trim_ascii().is_empty()) {
        let value: Value = serde_json::from_slice(line)
            .map_err(|error| format!("line {} is not JSON: {error}", items.len() + 1))?;
        if lines.last.as_ref().is_some_and(|last| is_last(&value, last)) {
            return Err("the stream ended before its end".to_owned());
        }
        items.push(value);
    }
    Ok(items)
}
