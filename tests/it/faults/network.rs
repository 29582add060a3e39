//! A network between the service and its database, which can go silent.

use std::net::{Ipv4Addr, SocketAddr};

use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;

/// A relay to a server. Where it is cut, nothing closes and nothing arrives,
/// as when a host is gone without a word.
pub(super) struct Network {
    address: SocketAddr,
    is_cut: watch::Sender<bool>,
    _relays: JoinSet<()>,
}

impl Network {
    pub(super) async fn to(server: (String, u16)) -> Self {
        Self::at((Ipv4Addr::LOCALHOST, 0), server).await
    }

    /// The same at an address of this machine.
    pub(super) async fn at(address: (Ipv4Addr, u16), server: (String, u16)) -> Self {
        let listener = TcpListener::bind(address).await.unwrap();
        let address = listener.local_addr().unwrap();
        let (is_cut, watched) = watch::channel(false);
        let mut relays = JoinSet::new();
        relays.spawn(async move {
            let mut connections = JoinSet::new();
            while let Ok((client, _)) = listener.accept().await {
                connections.spawn(relay(client, server.clone(), watched.clone()));
            }
        });
        Self { address, is_cut, _relays: relays }
    }

    /// Where the service finds the server.
    pub(super) fn address(&self) -> SocketAddr {
        self.address
    }

    /// From now on no connection says anything any more.
    pub(super) fn cut(&self) {
        self.is_cut.send_replace(true);
    }

    /// New connections reach the server; the old ones stay silent for ever.
    pub(super) fn lead_on(&self) {
        self.is_cut.send_replace(false);
    }
}

async fn relay(mut client: TcpStream, server: (String, u16), mut is_cut: watch::Receiver<bool>) {
    if !*is_cut.borrow_and_update()
        && let Ok(mut server) = TcpStream::connect(server).await
    {
        tokio::select! {
            // Both at an end, as usual.
            _ = tokio::io::copy_bidirectional(&mut client, &mut server) => return,
            _ = is_cut.wait_for(|is_cut| *is_cut) => {}
        }
    }
    // Open, but dead. The server's side is closed: its host is gone, and with
    // it the locks.
    std::future::pending::<()>().await;
    drop(client);
}
