//! What a process says and is told, as the frames of its stream.

use futures_util::StreamExt as _;
use generated::pi::streams::{ExecStartFrame, ExecStartStream};
use generated::support::server::{FrameSender, Input, Outgoing, Takeover, Upgrade};
use generated::support::stream::{Layout as _, Raw};

use crate::exec::{Output, Session, SessionInput, SessionOutput};

/// Both directions, over a connection that is taken over.
pub(super) fn both(offer: Upgrade, session: Session) -> Takeover<ExecStartFrame, Raw> {
    let (takeover, sender, received) = offer.accept();
    tokio::spawn(async move {
        tokio::select! {
            () = deliver(session.output, sender) => {}
            () = forward(received, session.input) => {}
        }
    });
    takeover
}

/// The output alone, as a body; the process finds the end of its input.
pub(super) async fn output(session: Session) -> Outgoing<ExecStartFrame> {
    session.input.close().await;
    Outgoing::new(session.output.map(frame))
}

async fn deliver(mut output: SessionOutput, sender: FrameSender<ExecStartFrame>) {
    loop {
        let event = tokio::select! {
            event = output.next() => event,
            // Nobody is left to read; dropping the output ends the process.
            () = sender.disconnected() => None,
        };
        let Some(event) = event else { return };
        if sender.send(frame(event)).await.is_err() {
            return;
        }
    }
}

/// Passes the client's bytes on. The process may go on long after the client's direction has ended, so this does not
/// end.
async fn forward(mut received: Input<Raw>, mut input: SessionInput) {
    while let Some(Ok(bytes)) = received.next().await {
        input.send(bytes).await;
    }
    input.close().await;
    std::future::pending().await
}

fn frame(event: Output) -> ExecStartFrame {
    match event {
        Output::Stdout(bytes) | Output::Terminal(bytes) => ExecStartStream::Stdout.frame(bytes),
        Output::Stderr(bytes) => ExecStartStream::Stderr.frame(bytes),
    }
}
