//! Hosts that prove their name, and hosts that do not.

use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use ringback::outbound::client::Client;
use ringback::outbound::outcome::Outcome::Failed;
use ringback::outbound::outcome::Reason::{NoConnection, Tls};
use ringback::outbound::request::Request;
use ringback::outbound::trust::Trust;
use rustls::ServerConfig;
use rustls::crypto::ring;
use rustls::pki_types::PrivatePkcs8KeyDer;
use tokio_rustls::TlsAcceptor;

use super::names::Names;
use super::server::{Part, Server};
use super::{answered, gate, hurried, request};

/// An authority of the tests' own.
pub(crate) struct Authority(CertifiedIssuer<'static, KeyPair>);

impl Authority {
    pub(crate) fn new() -> Self {
        let mut params = CertificateParams::new([]).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        Self(CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap())
    }

    /// A host that shows a certificate for this name, valid for these years.
    pub(crate) async fn host(&self, name: &str, years: (i32, i32)) -> Server {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new([name.to_owned()]).unwrap();
        params.not_before = rcgen::date_time_ymd(years.0, 1, 1);
        params.not_after = rcgen::date_time_ymd(years.1, 1, 1);
        let certificate = params.signed_by(&key, &self.0).unwrap();
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(
                vec![certificate.der().clone()],
                PrivatePkcs8KeyDer::from(key.serialize_der()).into(),
            )
            .unwrap();
        let tls = TlsAcceptor::from(Arc::new(config));
        Server::start_at("127.0.0.1:0", &[Part::status(200, "ok")], Some(tls)).await
    }

    /// A client that believes this authority.
    fn client(&self, hosts: &str, names: Names) -> Client {
        let trust = Trust::public().and(self.0.der()).unwrap();
        Client::new(gate(hosts, names), trust, hurried()).unwrap()
    }
}

const NOW: (i32, i32) = (2020, 2100);

#[tokio::test]
async fn a_host_is_believed_by_its_certificate_alone() {
    let ours = Authority::new();
    let strange = Authority::new();
    let names = || Names::of("shop.test", &["127.0.0.1"]).and("shop.test.", &["127.0.0.1"]);
    for (authority, certified, years, host, expected) in [
        (&ours, "shop.test", NOW, "shop.test", answered(200, "ok")),
        (&ours, "shop.test", NOW, "SHOP.test", answered(200, "ok")),
        (&ours, "shop.test", NOW, "shop.test.", answered(200, "ok")),
        (&ours, "127.0.0.1", NOW, "127.0.0.1", answered(200, "ok")),
        (&ours, "other.test", NOW, "shop.test", Failed(Tls)),
        (&ours, "127.0.0.1", NOW, "shop.test", Failed(Tls)),
        (&ours, "shop.test", NOW, "127.0.0.1", Failed(Tls)),
        (&ours, "shop.test", (2001, 2002), "shop.test", Failed(Tls)),
        (&strange, "shop.test", NOW, "shop.test", Failed(Tls)),
    ] {
        let server = authority.host(certified, years).await;
        let client = ours.client(&format!("{host}:{}", server.port()), names());
        let url = format!("https://{host}:{}/", server.port());
        let call = Request { attempts: 3, ..request(&url) };
        assert_eq!(client.call(&call).await, expected, "{certified} {years:?} {host}");
        assert_eq!(server.connections(), 1, "TLS is tried once");
        let is_answered = expected == answered(200, "ok");
        assert_eq!(server.requests().len(), usize::from(is_answered), "nothing is sent");
    }
}

#[tokio::test]
async fn an_authority_that_nobody_added_is_not_believed() {
    let server = Authority::new().host("127.0.0.1", NOW).await;
    let gate = gate(&server.address.to_string(), Names::default());
    let client = Client::new(gate, Trust::public(), hurried()).unwrap();
    let call = request(&format!("https://{}/", server.address));
    assert_eq!(client.call(&call).await, Failed(Tls));
}

#[tokio::test]
async fn a_host_without_tls_differs_from_one_that_closes() {
    let ours = Authority::new();
    // The client's greeting is no request, so a plain host never answers it:
    // this one is closed after a line that is no TLS.
    for (part, reason) in [(Part::Close, NoConnection), (Part::Greet("220 hello\r\n".into()), Tls)]
    {
        let server = Server::start(&[part]).await;
        let client = ours.client(&server.address.to_string(), Names::default());
        let call = request(&format!("https://{}/", server.address));
        assert_eq!(client.call(&call).await, Failed(reason));
    }
}
