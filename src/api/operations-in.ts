import { copy } from './copy.ts'
import { errors } from './errors.ts'
import { folders } from './folders.ts'
import { limit } from './limit.ts'
import { logins } from './logins.ts'
import { checkManifestFile } from './check-manifest.ts'
import { nativeOperations } from './native-operations.ts'
import type { Operations } from './operations.ts'
import { simulate } from './simulate.ts'
import { status } from './status.ts'
import { verify } from './verify.ts'
import type { World } from './world.ts'

/** Everything a user can do, in this world. What a copy does not need is loaded only by who wants it: memory is a promise. */
export function operationsIn(world: World): Operations {
  return {
    copy: (input) => copy(world, input),
    copyBack: async (input) => (await import('./copy-back.ts')).copyBack(world, input),
    lateMail: async (input) => (await import('./late-mail.ts')).lateMailSince(input, input.switchedAt),
    verify: (input) => verify(world, input),
    definedAddresses: async (input) => (await import('./defined-addresses.ts')).definedAddresses(input),
    folders: (input) => folders(world, input),
    logins: (input) => logins(world, input),
    probe: async (input) => (await import('./probe.ts')).probe(world, input),
    assess: async (input) => (await import('./assess.ts')).assess(world, input),
    discover: async (input) => (await import('./discover.ts')).discover(world, input),
    status: async (input) => status(input),
    errors: (input) => errors(world, input),
    limit: (input) => limit(world, input),
    simulate: (input) => simulate(world, input),
    rehearseWhole: async (input) => (await import('./rehearse-whole.ts')).rehearseWhole(world, input),
    rehearse: async (input) => (await import('./rehearse.ts')).rehearse(world, input),
    rehearseProject: async (input) => (await import('./rehearse-project.ts')).rehearseProject(world, input),
    tenantConnect: async (input) => (await import('./tenant-connect.ts')).tenantConnect(world, input),
    tenantPermissions: async ({ purposes }) => (await import('./tenant-access.ts')).permissionsFor(purposes),
    projects: async () => (await import('./project-operations.ts')).projectOperations(world),
    native: nativeOperations(world),
    phases: async () => (await import('./project-phases.ts')).phaseOperations(world),
    control: async () => (await import('./project-control.ts')).controlOperations(world),
    messages: async () => (await import('./notify-operations.ts')).messageOperations(world),
    mailflowTest: async (input) => (await import('./mailflow.ts')).mailflowTest(world, input),
    tenantPlan: async (input) => (await import('./tenant-plan.ts')).tenantPlan(world, input),
    tenantApply: async (input) => (await import('./tenant-apply.ts')).tenantApply(world, input),
    tenantUndo: async (input) => (await import('./tenant-undo.ts')).tenantUndo(world, input),
    tenantStatus: async (input) => (await import('./tenant-journal.ts')).tenantStatus(world, input),
    checkAd: async (input) => (await import('./check-ad.ts')).checkAd(world, input),
    tenantPasswords: async (input) => (await import('./tenant-journal.ts')).tenantPasswords(world, input),
    tenantInit: async (input) => (await import('./tenant-init.ts')).tenantInit(input),
    dnsAssess: async (input) => (await import('./dns-assess.ts')).dnsAssess(world, input),
    dnsPlan: async (input) => (await import('./dns-plan.ts')).dnsPlan(world, input),
    dnsApply: async (input) => (await import('./dns-apply.ts')).dnsApply(world, input),
    dnsUndo: async (input) => (await import('./dns-undo.ts')).dnsUndo(world, input),
    switchRun: async (input) => (await import('./switch.ts')).switchRun(world, input),
    switchStatus: async (place) => (await import('./switch.ts')).switchStatus(world, place),
    switchSay: async (place, word) => (await import('./switch.ts')).switchSay(world, place, word),
    dnsStatus: async (input) => (await import('./dns-undo.ts')).dnsStatus(world, input),
    makeReports: async (input) => (await import('./reports.ts')).makeReports(world, input),
    checkManifest: ({ file }) => checkManifestFile(file),
  }
}
