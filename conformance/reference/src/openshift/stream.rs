//! Processes and ports of pods over the channels of a WebSocket.

use futures_util::{StreamExt as _, stream};
use generated::openshift::models::{Status as StatusModel, TerminalSize};
use generated::openshift::server::{
    Streams,
    connect_core_v1_get_namespaced_pod_attach::{
        ConnectCoreV1GetNamespacedPodAttachRequest as GetAttach,
        ConnectCoreV1GetNamespacedPodAttachResponse as GetAttachResponse,
    },
    connect_core_v1_get_namespaced_pod_exec::{
        ConnectCoreV1GetNamespacedPodExecRequest as GetExec,
        ConnectCoreV1GetNamespacedPodExecResponse as GetExecResponse,
    },
    connect_core_v1_get_namespaced_pod_portforward::{
        ConnectCoreV1GetNamespacedPodPortforwardRequest as GetPorts,
        ConnectCoreV1GetNamespacedPodPortforwardResponse as GetPortsResponse,
    },
    connect_core_v1_post_namespaced_pod_attach::{
        ConnectCoreV1PostNamespacedPodAttachRequest as PostAttach,
        ConnectCoreV1PostNamespacedPodAttachResponse as PostAttachResponse,
    },
    connect_core_v1_post_namespaced_pod_exec::{
        ConnectCoreV1PostNamespacedPodExecRequest as PostExec,
        ConnectCoreV1PostNamespacedPodExecResponse as PostExecResponse,
    },
    connect_core_v1_post_namespaced_pod_portforward::{
        ConnectCoreV1PostNamespacedPodPortforwardRequest as PostPorts,
        ConnectCoreV1PostNamespacedPodPortforwardResponse as PostPortsResponse,
    },
};
use generated::openshift::streams::{
    ConnectCoreV1GetNamespacedPodExecInput as Input,
    ConnectCoreV1GetNamespacedPodExecOutput as Output,
};
use generated::support::decode::from_value;
use generated::support::server::{ChannelInput, FrameSender, Outcome, PairMessage};
use serde_json::Value;

use super::handler::Handler;
use crate::cluster::channel::{Encoder, Generation, Protocol};
use crate::cluster::container::{Connection, End};
use crate::cluster::status::Status;
use crate::exec;
use crate::machinery::{answer, place, port};
use crate::pipe::{Reader, Writer};
use crate::tty::WindowSize;

/// Why the older way to a stream is refused.
const NO_STREAM: &str = "SPDY is not served; connect with GET and WebSocket";

/// What a client wants to be connected to.
macro_rules! streams {
    ($request:expr) => {
        exec::Streams {
            terminal: $request.tty.unwrap_or_default(),
            stdin: $request.stdin.unwrap_or_default(),
            stdout: $request.stdout.unwrap_or_default(),
            stderr: $request.stderr.unwrap_or_default(),
        }
    };
}

impl Streams for Handler {
    async fn connect_core_v1_get_namespaced_pod_exec(
        &self,
        request: GetExec,
    ) -> Outcome<GetExecResponse> {
        let command = request.command.clone().unwrap_or_default();
        let container = request.container.as_deref();
        let process = self.0.exec(place!(request), container, &command, streams!(request));
        let offered = process.and_then(|process| Ok((process, request.upgrade.ok_or_else(plain)?)));
        answer(offered, |(process, offer)| {
            let protocol = offer.protocol();
            let (response, sender, input) = GetExecResponse::switching_protocols(offer);
            tokio::spawn(carry(process, protocol, command, sender, input));
            response
        })
    }

    async fn connect_core_v1_post_namespaced_pod_exec(
        &self,
        request: PostExec,
    ) -> Outcome<PostExecResponse> {
        let found = self.0.reachable(place!(request));
        answer(found.and_then(|_| Err::<PostExecResponse, _>(old())), |never| never)
    }

    async fn connect_core_v1_get_namespaced_pod_attach(
        &self,
        request: GetAttach,
    ) -> Outcome<GetAttachResponse> {
        let container = request.container.as_deref();
        let process = self.0.attach(place!(request), container, streams!(request));
        let offered = process.and_then(|process| Ok((process, request.upgrade.ok_or_else(plain)?)));
        answer(offered, |(process, offer)| {
            let protocol = offer.protocol();
            let (response, sender, input) = GetAttachResponse::switching_protocols(offer);
            tokio::spawn(carry(process, protocol, Vec::new(), sender, input));
            response
        })
    }

    async fn connect_core_v1_post_namespaced_pod_attach(
        &self,
        request: PostAttach,
    ) -> Outcome<PostAttachResponse> {
        let found = self.0.reachable(place!(request));
        answer(found.and_then(|_| Err::<PostAttachResponse, _>(old())), |never| never)
    }

    async fn connect_core_v1_get_namespaced_pod_portforward(
        &self,
        request: GetPorts,
    ) -> Outcome<GetPortsResponse> {
        let ports: Vec<u16> = request
            .ports
            .get()
            .iter()
            .map(|port| u16::try_from(port.get()).unwrap_or_default())
            .collect();
        let pod = self.0.reachable(place!(request));
        let offered = pod.and_then(|pod| Ok((pod, request.upgrade.ok_or_else(plain)?)));
        answer(offered, |(pod, offer)| {
            let values = ports.iter().map(|port| u64::from(*port));
            let (response, sender, input) = GetPortsResponse::switching_protocols(offer, values);
            let ends = ports.iter().map(|number| port(&pod, *number)).collect();
            tokio::spawn(carry_ports(ends, sender, input));
            response
        })
    }

    async fn connect_core_v1_post_namespaced_pod_portforward(
        &self,
        request: PostPorts,
    ) -> Outcome<PostPortsResponse> {
        let found = self.0.reachable(place!(request));
        answer(found.and_then(|_| Err::<PostPortsResponse, _>(old())), |never| never)
    }
}

fn plain() -> Status {
    Status::bad_request("Upgrade request required")
}

fn old() -> Status {
    Status::bad_request(NO_STREAM)
}

/// Carries what a process and a client say to each other, until the process has ended or the client has gone.
async fn carry(
    process: Connection,
    protocol: &'static str,
    command: Vec<String>,
    sender: FrameSender<Output>,
    mut received: ChannelInput<Input>,
) {
    let (mut input, mut output, resize) = process.split();
    let deliver = async {
        while let Some(chunk) = output.next().await {
            let said = match chunk {
                exec::Output::Stdout(bytes) | exec::Output::Terminal(bytes) => {
                    Output::Stdout(bytes)
                }
                exec::Output::Stderr(bytes) => Output::Stderr(bytes),
            };
            if sender.send(said).await.is_err() {
                return;
            }
        }
        if let Some(status) = status(protocol, &output.end(), &command) {
            // A client that has gone does not hear it.
            let _ = sender.send(Output::Error(Box::new(status))).await;
        }
    };
    let receive = async {
        while let Some(message) = received.next().await {
            match message {
                Ok(Input::Stdin(bytes)) => input.send(bytes).await,
                Ok(Input::StdinEnd) => input.close().await,
                Ok(Input::Resize(size)) => resize(window(&size)),
                // What is no size changes none.
                Ok(Input::ResizeEnd) | Err(_) => {}
            }
        }
    };
    tokio::select! {
        () = deliver => {}
        () = receive => {}
    }
}

fn window(size: &TerminalSize) -> WindowSize {
    let cells = |number: i32| u16::try_from(number).unwrap_or(u16::MAX);
    WindowSize { rows: cells(size.height.get()), columns: cells(size.width.get()) }
}

/// How a process ended, as the protocol says it.
fn status(protocol: &str, end: &End, command: &[String]) -> Option<StatusModel> {
    let protocol = Protocol::for_process([protocol]).ok()?;
    // The oldest protocols have words here; the document promises a status in all of them.
    let generation = match protocol.generation {
        Generation::Bare => Generation::Fourth,
        other => other,
    };
    let encoder = Encoder::new(Protocol { generation, base64: false, ..protocol });
    let message = encoder.end(end, command)?;
    let document: Value = serde_json::from_slice(message.bytes.get(1..)?).ok()?;
    from_value(&document).ok()
}

/// Carries the bytes of ports, until each of them is closed or the client has gone.
async fn carry_ports(
    ends: Vec<Result<(Writer, Reader), String>>,
    sender: FrameSender<PairMessage>,
    mut received: ChannelInput<PairMessage>,
) {
    let mut writers = Vec::new();
    let mut said = Vec::new();
    for (pair, end) in ends.into_iter().enumerate() {
        let messages = match end {
            Ok((writer, reader)) => {
                writers.push(Some(writer));
                reader.map(move |bytes| PairMessage::data(pair, bytes)).boxed()
            }
            Err(why) => {
                writers.push(None);
                stream::once(async move { PairMessage::error(pair, why) }).boxed()
            }
        };
        said.push(messages);
    }
    let deliver = async {
        let mut said = stream::select_all(said);
        while let Some(message) = said.next().await {
            if sender.send(message).await.is_err() {
                return;
            }
        }
    };
    let receive = async {
        while let Some(message) = received.next().await {
            let Ok(PairMessage { pair, payload, .. }) = message else { continue };
            let Some(place) = writers.get_mut(pair) else { continue };
            if let Some(writer) = place
                && writer.write(payload).await.is_err()
            {
                *place = None;
            }
        }
    };
    tokio::select! {
        () = deliver => {}
        () = receive => {}
    }
}
