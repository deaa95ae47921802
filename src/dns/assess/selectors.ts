import type { Mark } from './owners.ts'

/** Who makes keys under which names; '' where many do. Selectors can only be guessed. */
export const SELECTOR_OWNERS: readonly { readonly owner: string; readonly mark: Mark; readonly names: readonly string[] }[] = [
  { owner: 'Microsoft 365', mark: 'documented', names: ['selector1', 'selector2'] },
  { owner: 'Google Workspace', mark: 'documented', names: ['google', 'gapps'] },
  { owner: 'Zoho', mark: 'documented', names: ['zoho', 'zmail', 'zcsend'] },
  { owner: 'Proton Mail', mark: 'documented', names: ['protonmail', 'protonmail2', 'protonmail3'] },
  { owner: 'Fastmail', mark: 'documented', names: ['fm1', 'fm2', 'fm3', 'mesmtp'] },
  { owner: 'iCloud', mark: 'documented', names: ['sig1'] },
  { owner: 'Mailgun', mark: 'documented', names: ['mg', 'pic', 'krs', 'smtpapi'] },
  { owner: 'Mailjet', mark: 'documented', names: ['mailjet'] },
  { owner: 'Brevo', mark: 'documented', names: ['brevo1', 'brevo2', 'sib', 'mail'] },
  { owner: 'Mandrill', mark: 'documented', names: ['mandrill', 'mte1', 'mte2'] },
  { owner: 'Mailchimp', mark: 'documented', names: ['k1', 'k2', 'k3'] },
  { owner: 'Amazon SES', mark: 'documented', names: ['amazonses'] },
  { owner: 'Campaign Monitor', mark: 'documented', names: ['cm'] },
  { owner: 'Zendesk', mark: 'documented', names: ['zendesk1', 'zendesk2'] },
  { owner: 'HubSpot', mark: 'documented', names: ['hs1', 'hs2', 'hubspot'] },
  { owner: 'Salesforce', mark: 'documented', names: ['sf1', 'sf2'] },
  { owner: 'Pardot', mark: 'documented', names: ['pardot'] },
  { owner: 'MailerLite', mark: 'documented', names: ['litesrv', 'ml'] },
  { owner: 'turboSMTP', mark: 'documented', names: ['turbo-smtp'] },
  { owner: 'Everlytic', mark: 'documented', names: ['everlytickey1', 'everlytickey2', 'eversrv'] },
  { owner: 'Klaviyo', mark: 'documented', names: ['kl', 'kl2'] },
  { owner: 'Constant Contact', mark: 'documented', names: ['ctct1', 'ctct2'] },
  { owner: 'ActiveCampaign', mark: 'documented', names: ['acdkim1', 'acdkim2', 'dk'] },
  { owner: 'Resend', mark: 'documented', names: ['resend'] },
  { owner: 'Strongmail', mark: 'documented', names: ['strong1', 'strong2'] },
  { owner: 'Intercom', mark: 'documented', names: ['intercom'] },
  { owner: 'Gorgias', mark: 'documented', names: ['gor'] },
  { owner: 'Cloudflare Email Routing', mark: 'documented', names: ['cf2024-1'] },
  { owner: 'IONOS', mark: 'documented', names: ['s1-ionos', 's2-ionos'] },
  { owner: 'SendGrid', mark: 'unverified', names: ['s1', 's2', 'sg', 'm1', 'm2'] },
  { owner: 'Postmark', mark: 'unverified', names: ['pm', 'postmark', 'pm-bounces'] },
  {
    owner: '',
    mark: 'unverified',
    names: words(`
      default dkim dkim1 dkim2 email smtp mx key key1 key2 s3 s512 s1024 s2048 x sig sig2 mailo mxvault mailer server server1 server2 my main
      news newsletter test web root private public a b a1 1 2 mail1 mail2 outbound out relay postfix exim plesk cpanel rsa ed25519
      strato-dkim-0002 strato-dkim-0003 ovhmo1 ovhmo2 titan1 titan2 hostingermail1 hostingermail-a hostingermail-b hostingermail-c
      privateemail spop1024 mimecast mimecast20190104 pps1 proofpoint scph0123 sparkpost smtp2go`),
  },
]

const YEARS = 5

/** Every name worth a question; with the months of the last years, as some name their keys by the day they were made. */
export function selectorsToTry(nowMs: number, given: readonly string[] = []): readonly string[] {
  const now = new Date(nowMs)
  const months = Array.from({ length: YEARS * 12 }, (_, back) =>
    new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - back, 1)).toISOString().slice(0, 10).replaceAll('-', ''),
  )
  const names = SELECTOR_OWNERS.flatMap((one) => one.names)
  return [...new Set([...given.map((one) => one.toLowerCase()), ...names, ...months, ...months.map((day) => day.slice(0, 6))])]
}

/** '' where the name tells nothing. */
export function selectorOwner(selector: string): string {
  if (/^\d{14}pm$/.test(selector)) return 'Postmark'
  return SELECTOR_OWNERS.find(({ names }) => names.includes(selector))?.owner ?? ''
}

function words(text: string): readonly string[] {
  return text.trim().split(/\s+/)
}
