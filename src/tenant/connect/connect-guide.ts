import type { Need } from './app-permissions.ts'
import { AS_A_PERSON, NEEDS, needsFor, PURPOSES } from './app-permissions.ts'
import type { StepFor } from './connect-check.ts'
import type { Step } from './connect-steps.ts'
import { register, stepsFor } from './connect-steps.ts'

const HEAD = `# What the application may do in Microsoft 365, and why

<!-- Generated from src/tenant/connect/app-permissions.ts by \`npm run guide\`: change the table there, not this page. -->

cutover signs in to a tenant as an application of its own. What it needs depends on what it is to do: \`copy\` moves mail, \`plan\` looks
at the tenant, \`apply\` changes it. Nothing is asked for that no command uses.

\`cutover tenant connect\` looks at all of this in a tenant and says what is missing; it changes nothing (with \`--apply\` it makes the
application known to Exchange). What was granted takes from seconds to an hour to work: \`--wait 60\` looks until it does.
\`cutover tenant permissions --for copy\` prints the least that is enough.
`

const KINDS: Readonly<Record<Need['kind'], string>> = {
  graph: 'application permission of Microsoft Graph',
  exchange: 'application permission of Office 365 Exchange Online',
  role: 'role in the directory',
  principal: 'in Exchange Online',
  mailbox: 'for each mailbox',
}

const KEYS = `## Narrower

- IMAP: \`IMAP.AccessAsApp\` by itself opens no mailbox. Full Access, mailbox by mailbox, is what limits the application.
- Graph: \`Mail.ReadWrite\` opens every mailbox of the tenant. To limit it, leave it out and give the role *Application Mail.ReadWrite*
  with a scope in Exchange instead (RBAC for Applications; 30 minutes to two hours until it counts). As long as the permission itself is
  granted too, the scope limits nothing.
- Exchange: instead of the role, a role group of your own with the application's service principal as a member (\`Add-RoleGroupMember\`).
- A certificate is safer than a secret, and the only thing that Microsoft documents for cmdlets; a secret works as well.
`

/** The page docs/guide/permissions.md: what, for what, and how it is given, from the one table. */
export function permissionsGuide(): string {
  const least = PURPOSES.map((purpose) => {
    const names = needsFor([purpose]).filter(({ isOptional }) => !isOptional)
    return `- **${purpose}**: ${names.map(({ name }) => name).join(', ')}.`
  })
  return [
    HEAD,
    '## The least for each\n',
    ...least,
    '\n## Everything\n',
    ...NEEDS.flatMap(partOf),
    '## Step by step\n',
    ...stepsOfAll().flatMap(stepOf),
    KEYS,
    '## A person instead of the application\n',
    'Where a customer gives no application permissions, a person signs in with a code (`--device-code`, or `sign_in: device` in the definition).\n',
    ...AS_A_PERSON.map(({ works, says }) => `- ${works ? 'Works' : 'Mind'}: ${says}`),
    '',
  ].join('\n')
}

function partOf(need: Need): readonly string[] {
  const commands = need.commands.map((command) => `\`cutover ${command}\``).join(', ')
  return [
    `### ${need.name}\n`,
    `${capital(KINDS[need.kind])}${optionalOf(need)}. It is needed ${need.why}: for ${commands}.`,
    `Without it ${need.without}.${need.orElse.length === 0 ? '' : ` Also enough: ${need.orElse.join(', ')}.`}`,
    `May be taken away ${need.until}.\n`,
  ]
}

function optionalOf({ isOptional, helps }: Need): string {
  if (isOptional) return ', optional'
  return helps.length === 0 ? '' : `, optional for \`${helps.join('`, `')}\``
}

function stepsOfAll(): readonly Step[] {
  const wanted: readonly StepFor[] = [
    { kind: 'secret' },
    ...NEEDS.flatMap(({ kind, name, isOptional }): readonly StepFor[] =>
      kind === 'graph' || kind === 'exchange' ? [{ kind: 'permission', api: kind, name, isOptional }] : [],
    ),
    { kind: 'role' },
    { kind: 'principal', wrong: null },
    { kind: 'full-access', mailbox: 'anna@example.org' },
  ]
  const names = { appName: null, appId: '<application id>', principalId: null, cloud: 'global' } as const
  return [register(names), ...stepsFor(wanted, names)]
}

function stepOf({ says, portal, lines }: Step, at: number): readonly string[] {
  const where = portal.length === 0 ? [] : [`   ${portal.map((level) => level.replaceAll('&', 'and')).join(' → ')}`]
  const code = lines.length === 0 ? [] : ['', '   ```powershell', ...lines.map(({ text }) => `   ${text}`), '   ```']
  return [`${at + 1}. ${says}`, ...where, ...code, '']
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
