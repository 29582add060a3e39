//! The certificates that are believed.

use std::sync::Arc;

use rustls::crypto::ring;
use rustls::pki_types::CertificateDer;
use rustls::{ClientConfig, RootCertStore};
use thiserror::Error;

/// The authorities whose certificates are believed.
#[derive(Clone, Debug)]
pub struct Trust {
    roots: RootCertStore,
}

/// Why a certificate is not that of an authority, or TLS cannot be prepared.
#[derive(Debug, Error)]
#[error("TLS cannot be prepared")]
pub struct TrustError(#[from] rustls::Error);

impl Trust {
    /// Returns the authorities that browsers believe, as of this release. The
    /// system's files are not read, so a small container needs none.
    pub fn public() -> Self {
        Self { roots: webpki_roots::TLS_SERVER_ROOTS.iter().cloned().collect() }
    }

    /// Adds an authority, by its certificate in DER.
    pub fn and(mut self, certificate: &[u8]) -> Result<Self, TrustError> {
        self.roots.add(CertificateDer::from(certificate))?;
        Ok(self)
    }

    /// Prepares TLS for a client of HTTP/1.1.
    pub fn config(self) -> Result<ClientConfig, TrustError> {
        let mut config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()?
            .with_root_certificates(self.roots)
            .with_no_client_auth();
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(config)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_authorities_of_browsers_are_believed() {
        assert!(Trust::public().roots.len() > 100);
    }
}
