/** Takes the octets of something as they pass by; those given to `chunk` are only there during the call. `end`: it came whole. */
export type OctetSink = { chunk(octets: Buffer): void; end(): void }
