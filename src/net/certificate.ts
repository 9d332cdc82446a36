import type { CertificateExtension } from 'selfsigned';

/** A certificate for this machine, its key, and the authority that vouches for it; all PEM. */
export interface Certificate {
  readonly ca: string;
  readonly key: string;
  readonly cert: string;
}

let made: Promise<Certificate> | undefined;

/** A certificate for 127.0.0.1, ::1 and localhost, made at the first call, the same ever after. */
export function localCertificate(): Promise<Certificate> {
  made ??= make();
  return made;
}

const AUTHORITY: CertificateExtension[] = [
  { name: 'basicConstraints', cA: true, critical: true },
  { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
];
const SERVER: CertificateExtension[] = [
  { name: 'basicConstraints', cA: false },
  { name: 'keyUsage', digitalSignature: true },
  { name: 'extKeyUsage', serverAuth: true },
  {
    name: 'subjectAltName',
    altNames: [
      { type: 2, value: 'localhost' },
      { type: 7, ip: '127.0.0.1' },
      { type: 7, ip: '::1' },
    ],
  },
];

async function make(): Promise<Certificate> {
  const { generate } = await import('selfsigned');
  const kind = { keyType: 'ec', algorithm: 'sha256' } as const;
  const authority = await generate([{ name: 'commonName', value: 'spar test authority' }], {
    ...kind,
    extensions: AUTHORITY,
  });
  const server = await generate([{ name: 'commonName', value: 'localhost' }], {
    ...kind,
    extensions: SERVER,
    ca: { key: authority.private, cert: authority.cert },
  });
  return { ca: authority.cert, key: server.private, cert: server.cert };
}
