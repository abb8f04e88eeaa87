//! Listening, and one connection after the other. What is answered, an API's router says.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;

use crate::api::Api;
use crate::fault::{self, Fault, Memory};
use crate::tls::Identity;

/// How long a client may take to send a head.
const HEAD: Duration = Duration::from_secs(30);
/// How long exchanges that are under way may go on after a shutdown.
const FAREWELL: Duration = Duration::from_secs(1);
/// How many bytes wait between a broken connection and the honest server behind it.
const PIPE: usize = 64 * 1024;

/// A server that listens on a free port of the loopback interface. It ends when it is dropped.
#[derive(Debug)]
pub struct Server {
    address: SocketAddr,
    stop: CancellationToken,
    task: JoinHandle<()>,
}

impl Server {
    /// Starts a server on the current tokio runtime.
    ///
    /// # Errors
    /// If there is no port to listen on.
    pub async fn start(api: Api, fault: Option<&'static Fault>) -> io::Result<Self> {
        let listener = TcpListener::bind((std::net::Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        let stop = CancellationToken::new();
        let stopped = stop.clone();
        let task = tokio::spawn(async move {
            serve(api, fault, None, listener, stopped.cancelled_owned()).await;
        });
        Ok(Self { address, stop, task })
    }

    /// The base URL.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Stops the server, and waits until it has.
    pub async fn stop(mut self) {
        self.stop.cancel();
        // A server that panicked has stopped, too.
        let _ = (&mut self.task).await;
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

/// Serves an API until `shutdown` is ready; exchanges that are under way then get a moment to end. With an identity, that
/// is over TLS.
pub async fn serve(
    api: Api,
    fault: Option<&'static Fault>,
    identity: Option<&Identity>,
    listener: TcpListener,
    shutdown: impl Future<Output = ()>,
) {
    let memory = Memory::default();
    let router = match fault {
        Some(fault) => fault::layered(fault, api.router(), memory.clone()),
        None => api.router(),
    };
    let fault = fault.filter(|fault| fault.is_of_bytes());
    let door = Door { router, fault, memory, acceptor: identity.map(Identity::acceptor) };
    let stop = CancellationToken::new();
    let mut connections = JoinSet::new();
    tokio::pin!(shutdown);
    loop {
        let accepted = tokio::select! {
            () = &mut shutdown => break,
            accepted = listener.accept() => accepted,
        };
        while connections.try_join_next().is_some() {}
        // A client that is gone before it is accepted is nobody's trouble.
        if let Ok((client, _)) = accepted {
            connections.spawn(door.clone().connection(client, stop.clone()));
        }
    }
    stop.cancel();
    let ended = async { while connections.join_next().await.is_some() {} };
    let _ = timeout(FAREWELL, ended).await;
}

/// What every connection comes through.
#[derive(Clone)]
struct Door {
    router: Router,
    /// A fault that breaks the bytes of the connection.
    fault: Option<&'static Fault>,
    memory: Memory,
    /// What makes a connection a safe one.
    acceptor: Option<TlsAcceptor>,
}

impl Door {
    async fn connection(mut self, client: TcpStream, stop: CancellationToken) {
        // An answer that goes out in several writes does not wait for the client to confirm each.
        let _ = client.set_nodelay(true);
        let Some(acceptor) = self.acceptor.take() else {
            return self.carried(client, stop).await;
        };
        // Whoever does not trust the server goes away.
        if let Ok(Ok(client)) = timeout(HEAD, acceptor.accept(client)).await {
            self.carried(client, stop).await;
        }
    }

    async fn carried(
        self,
        client: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
        stop: CancellationToken,
    ) {
        let Some(fault) = self.fault else {
            return exchanges(client, self.router, true, stop).await;
        };
        let (near, far) = tokio::io::duplex(PIPE);
        let honest = exchanges(far, self.router, false, stop);
        // How a broken connection ends is of no interest.
        let (_, ()) = tokio::join!(fault::carry(client, near, fault, self.memory), honest);
    }
}

/// Every exchange of a connection, or one alone.
async fn exchanges(
    connection: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    router: Router,
    several: bool,
    stop: CancellationToken,
) {
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD)
        .half_close(true)
        .keep_alive(several)
        .serve_connection(TokioIo::new(connection), TowerToHyperService::new(router))
        .with_upgrades();
    let mut connection = std::pin::pin!(connection);
    // What goes wrong on a connection, the client has seen for itself.
    tokio::select! {
        _ = connection.as_mut() => {}
        () = stop.cancelled() => {
            connection.as_mut().graceful_shutdown();
            let _ = connection.await;
        }
    }
}
