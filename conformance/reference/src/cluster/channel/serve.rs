//! Carrying messages between a client and a process.

use std::pin::pin;

use futures_core::Stream;
use futures_util::StreamExt;
use tokio::sync::mpsc;

use super::{
    Message, NORMAL, Outgoing, Protocol,
    codec::{Decoder, Encoder, Received},
};
use crate::{
    cluster::container::{Connection, Input, Output},
    exec::Streams,
    tty::WindowSize,
};

/// The client went away, or nobody takes what is sent to it.
struct Gone;

/// Serves a client until the process has ended and all is said, or the client has gone or broken the protocol, which ends
/// a process of its own. `incoming` ends when the client does. The last that is sent is a close.
pub async fn serve(
    connection: Connection,
    protocol: Protocol,
    streams: Streams,
    command: &[String],
    incoming: impl Stream<Item = Message> + Send,
    outgoing: mpsc::Sender<Outgoing>,
) {
    let (input, output, resize) = connection.split();
    let encoder = Encoder::new(protocol);
    {
        let mut receiving = pin!(receive(input, &*resize, Decoder::new(protocol), incoming));
        let mut delivering = pin!(deliver(output, encoder, streams, command, &outgoing));
        tokio::select! {
            _ = &mut delivering => {}
            () = &mut receiving => {}
        }
    }
    // A client that has gone does not hear it.
    let _ = outgoing.send(Outgoing::Close(NORMAL)).await;
}

/// Takes messages until the client has gone or broken the protocol.
async fn receive(
    mut input: Input,
    resize: &(dyn Fn(WindowSize) + Send + Sync),
    mut decoder: Decoder,
    incoming: impl Stream<Item = Message>,
) {
    let mut incoming = pin!(incoming);
    while let Some(message) = incoming.next().await {
        match decoder.decode(&message) {
            Received::Stdin(bytes) => input.send(bytes).await,
            Received::StdinEnd => input.close().await,
            Received::Resize(sizes) => sizes.into_iter().for_each(resize),
            Received::Ignored => {}
            Received::Broken => return,
        }
    }
    input.close().await;
}

/// Sends what the process writes, and how it ended.
async fn deliver(
    mut output: Output,
    encoder: Encoder,
    streams: Streams,
    command: &[String],
    outgoing: &mpsc::Sender<Outgoing>,
) -> Result<(), Gone> {
    send(outgoing, encoder.greeting(streams)).await?;
    while let Some(chunk) = output.next().await {
        send(outgoing, encoder.chunk(&chunk)).await?;
    }
    match encoder.end(&output.end(), command) {
        Some(message) => send(outgoing, message).await,
        None => Ok(()),
    }
}

async fn send(outgoing: &mpsc::Sender<Outgoing>, message: Message) -> Result<(), Gone> {
    outgoing.send(Outgoing::Message(message)).await.map_err(|_| Gone)
}
