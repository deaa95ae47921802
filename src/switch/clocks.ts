import { readFileSync } from 'node:fs'
import { uptime } from 'node:os'
import { performance } from 'node:perf_hooks'
import type { Reading } from './events.ts'

/**
 * The clocks of this machine. The even one is that of the kernel, which counts from the start of the machine, sleep included, and is
 * shared by processes; where a start cannot be told from another, it is that of this process alone.
 */
export function systemReading(): Reading {
  const boot = bootOfMachine()
  return boot === null
    ? { wallMs: Date.now(), boot: OWN, upMs: performance.now() }
    : { wallMs: Date.now(), boot, upMs: Math.round(uptime() * 1000) }
}

const OWN = `process ${process.pid} ${Date.now()}`

function bootOfMachine(): string | null {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim()
  } catch {
    return null
  }
}
