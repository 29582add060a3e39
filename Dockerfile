# Builds an image with nothing in it but the binary and the C library that it needs.
#
#   docker build -t ringback .
#
# There is no shell: `ringback` is the only program, and `docker exec` can run its
# commands. The roots of TLS are compiled in. docs/operations.md says how to run it.

FROM rust:1.95-bookworm AS build
WORKDIR /source
# What the build needs, by name: no `.env` and no database of this folder gets in.
COPY Cargo.toml Cargo.lock LICENSE .env.example ./
COPY benches benches
COPY docs docs
COPY flows flows
COPY migrations migrations
COPY src src
# Another profile, such as `release`, builds in half the time (docs/performance.md).
ARG PROFILE=dist
RUN cargo build --locked --profile "$PROFILE" --bin ringback
# The loader and the libraries stay at the paths at which the loader looks for them. A
# new volume takes its owner from the folder that it is put on.
RUN install -D -t /image/usr/bin "target/$PROFILE/ringback" && \
    install -D -m 0644 -t /image/usr/share/doc/ringback LICENSE && \
    ldd /image/usr/bin/ringback | grep -o '/[^ ]*' | sort -u | xargs -I{} cp -L --parents {} /image && \
    install -d /image/etc && \
    echo 'ringback:x:65532:65532::/var/lib/ringback:/' >/image/etc/passwd && \
    echo 'hosts: files dns' >/image/etc/nsswitch.conf && \
    install -d -m 0700 -o 65532 -g 65532 /image/var/lib/ringback

FROM scratch
LABEL org.opencontainers.image.title="Ringback" \
      org.opencontainers.image.description="Holds conversations on a phone number, by SMS and WhatsApp" \
      org.opencontainers.image.licenses="MIT"
COPY --from=build /image /
USER 65532:65532
# The SQLite file of the default DATABASE_URL is here; put a volume on it.
WORKDIR /var/lib/ringback
ENV BIND=0.0.0.0:5000
EXPOSE 5000
# The image has no other program that could ask.
HEALTHCHECK --interval=10s --timeout=6s --start-period=30s CMD ["/usr/bin/ringback", "health"]
ENTRYPOINT ["/usr/bin/ringback"]
CMD ["serve"]
