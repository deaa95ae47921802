import type { Owner } from './owners.ts'

/**
 * `mailboxes`: people's mail is there. `gateway`: it filters and passes on, the mailboxes are elsewhere. `forwarder`: it has no
 * mailboxes at all. `microsoft`: the source is Microsoft 365 as well.
 */
export type MailHost = Owner & { readonly kind: 'mailboxes' | 'gateway' | 'forwarder' | 'microsoft' }

/** Who receives, by the end of the name of an MX host. */
export const MAIL_HOSTS: readonly MailHost[] = [
  { name: 'Google Workspace', kind: 'mailboxes', mark: 'documented', ends: ['google.com', 'googlemail.com', 'smtp.google.com'] },
  {
    name: 'Microsoft 365',
    kind: 'microsoft',
    mark: 'documented',
    ends: [
      'mail.protection.outlook.com',
      'mx.microsoft',
      'mail.eo.outlook.com',
      'mail.protection.partner.outlook.cn',
      'mail.protection.office365.us',
    ],
  },
  { name: 'Outlook.com', kind: 'mailboxes', mark: 'documented', ends: ['olc.protection.outlook.com'] },
  { name: 'Proofpoint', kind: 'gateway', mark: 'documented', ends: ['pphosted.com', 'ppe-hosted.com'] },
  { name: 'Mimecast', kind: 'gateway', mark: 'documented', ends: ['mimecast.com', 'mimecast.co.za'] },
  { name: 'Barracuda', kind: 'gateway', mark: 'documented', ends: ['barracudanetworks.com'] },
  { name: 'Symantec Email Security', kind: 'gateway', mark: 'documented', ends: ['messagelabs.com'] },
  { name: 'Proton Mail', kind: 'mailboxes', mark: 'documented', ends: ['protonmail.ch'] },
  { name: 'Fastmail', kind: 'mailboxes', mark: 'documented', ends: ['messagingengine.com'] },
  { name: 'Zoho Mail', kind: 'mailboxes', mark: 'documented', ends: ['zoho.com', 'zoho.eu', 'zoho.in'] },
  { name: 'GoDaddy', kind: 'mailboxes', mark: 'documented', ends: ['secureserver.net'] },
  { name: 'Rackspace Email', kind: 'mailboxes', mark: 'documented', ends: ['emailsrvr.com'] },
  { name: 'IONOS', kind: 'mailboxes', mark: 'documented', ends: ['ionos.com', 'kundenserver.de'] },
  { name: 'Cloudflare Email Routing', kind: 'forwarder', mark: 'documented', ends: ['mx.cloudflare.net'] },
  { name: 'OVH', kind: 'mailboxes', mark: 'unverified', ends: ['ovh.net'] },
  { name: 'Gandi', kind: 'mailboxes', mark: 'unverified', ends: ['gandi.net'] },
  { name: 'Mail.ru', kind: 'mailboxes', mark: 'unverified', ends: ['mail.ru'] },
  { name: 'Yandex', kind: 'mailboxes', mark: 'unverified', ends: ['yandex.net', 'yandex.ru'] },
  { name: 'iCloud', kind: 'mailboxes', mark: 'unverified', ends: ['icloud.com'] },
  { name: 'Alibaba Mail', kind: 'mailboxes', mark: 'unverified', ends: ['mxhichina.com'] },
  { name: 'Tencent QQ Mail', kind: 'mailboxes', mark: 'unverified', ends: ['qq.com'] },
  { name: 'one.com', kind: 'mailboxes', mark: 'unverified', ends: ['one.com'] },
  { name: 'Strato', kind: 'mailboxes', mark: 'unverified', ends: ['strato.de', 'rzone.de'] },
  { name: 'mailbox.org', kind: 'mailboxes', mark: 'unverified', ends: ['mailbox.org'] },
  { name: 'Infomaniak', kind: 'mailboxes', mark: 'unverified', ends: ['infomaniak.ch'] },
  { name: 'Hostinger', kind: 'mailboxes', mark: 'unverified', ends: ['hostinger.com'] },
  { name: 'Titan', kind: 'mailboxes', mark: 'unverified', ends: ['titan.email'] },
  { name: 'Namecheap Private Email', kind: 'mailboxes', mark: 'unverified', ends: ['privateemail.com'] },
  { name: 'Namecheap forwarding', kind: 'forwarder', mark: 'unverified', ends: ['registrar-servers.com'] },
  { name: 'Migadu', kind: 'mailboxes', mark: 'unverified', ends: ['migadu.com'] },
  { name: 'Runbox', kind: 'mailboxes', mark: 'unverified', ends: ['runbox.com'] },
  { name: 'Purelymail', kind: 'mailboxes', mark: 'unverified', ends: ['purelymail.com'] },
  { name: 'Forward Email', kind: 'forwarder', mark: 'unverified', ends: ['forwardemail.net'] },
  { name: 'ImprovMX', kind: 'forwarder', mark: 'unverified', ends: ['improvmx.com'] },
]
