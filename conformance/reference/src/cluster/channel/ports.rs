//! Ports of a pod over one connection: two channels for each, one for data and one for what went wrong.

use std::pin::pin;

use bytes::Bytes;
use futures_core::Stream;
use futures_util::{StreamExt, stream};
use tokio::sync::mpsc;

use super::{
    Message, NORMAL, Outgoing, Protocol,
    codec::{Decoder, Encoder},
};
use crate::{
    cluster::{kubelet::ConnectRefusal, status::Status},
    pipe::{Reader, Writer},
};

/// The most ports of one connection: as many as there are pairs of channels.
const MOST: usize = 128;

/// Reads the ports that a query asks for, repeated or with commas.
///
/// # Errors
/// 400 as a `Status` for what is no port number, as plain text when there is none, or it is 0.
pub fn parse_ports(values: &[String]) -> Result<Vec<u16>, ConnectRefusal> {
    let mut ports = Vec::new();
    for text in values.iter().flat_map(|value| value.split(',')) {
        ports.push(port(text)?);
    }
    if ports.is_empty() {
        return Err(ConnectRefusal::Text(400, "query parameter \"port\" is required".to_owned()));
    }
    if ports.contains(&0) {
        return Err(ConnectRefusal::Text(400, "port \"0\" must be > 0".to_owned()));
    }
    if ports.len() > MOST {
        return Err(ConnectRefusal::Text(400, format!("more than {MOST} ports")));
    }
    Ok(ports)
}

fn port(text: &str) -> Result<u16, Status> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    match text.parse() {
        Ok(port) if digits => Ok(port),
        _ => {
            let why = if digits { "value out of range" } else { "invalid syntax" };
            Err(Status::bad_request(format!(
                "cannot convert to []int32: strconv.ParseUint: parsing {text:?}: {why}"
            )))
        }
    }
}

/// Serves the ports until each of them is closed or the client has gone. `connect` gives both directions of a port, or
/// says why it cannot be reached. The last that is sent is a close.
pub async fn serve_ports(
    ports: &[u16],
    protocol: Protocol,
    connect: impl Fn(u16) -> Result<(Writer, Reader), String>,
    incoming: impl Stream<Item = Message> + Send,
    outgoing: mpsc::Sender<Outgoing>,
) {
    let encoder = Encoder::new(protocol);
    let mut writers: Vec<Option<Writer>> = Vec::new();
    let mut readers = Vec::new();
    let mut first = Vec::new();
    let mut refused = Vec::new();
    for (index, port) in ports.iter().enumerate() {
        let Some((data, error)) = channels(index) else { continue };
        first.extend([data, error].map(|channel| encoder.encode(channel, &port.to_le_bytes())));
        match connect(*port) {
            Ok((writer, reader)) => {
                writers.push(Some(writer));
                readers.push(reader.map(move |bytes: Bytes| (data, bytes)).boxed());
            }
            Err(why) => {
                writers.push(None);
                refused.push(encoder.encode(error, why.as_bytes()));
            }
        }
    }
    let delivering = async {
        // Every port is announced before anything else is said.
        let mut messages = stream::iter(first.into_iter().chain(refused)).chain(
            stream::select_all(readers).map(|(channel, bytes)| encoder.encode(channel, &bytes)),
        );
        while let Some(message) = messages.next().await {
            if outgoing.send(Outgoing::Message(message)).await.is_err() {
                break;
            }
        }
    };
    {
        let mut receiving = pin!(receive(&mut writers, Decoder::new(protocol), incoming));
        let mut delivering = pin!(delivering);
        tokio::select! {
            () = &mut delivering => {}
            () = &mut receiving => {}
        }
    }
    // A client that has gone does not hear it.
    let _ = outgoing.send(Outgoing::Close(NORMAL)).await;
}

/// The two channels of a port.
fn channels(index: usize) -> Option<(u8, u8)> {
    let data = u8::try_from(index.checked_mul(2)?).ok()?;
    Some((data, data.checked_add(1)?))
}

/// Takes messages until the client has gone.
async fn receive(
    writers: &mut [Option<Writer>],
    decoder: Decoder,
    incoming: impl Stream<Item = Message>,
) {
    let mut incoming = pin!(incoming);
    while let Some(message) = incoming.next().await {
        let Some((channel, bytes)) = decoder.split(&message) else { continue };
        if channel % 2 != 0 {
            continue;
        }
        let Some(place) = writers.get_mut(usize::from(channel / 2)) else { continue };
        if let Some(writer) = place
            && writer.write(bytes).await.is_err()
        {
            *place = None;
        }
    }
}
