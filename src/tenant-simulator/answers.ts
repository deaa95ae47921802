import type { Json, Props } from './props.ts'

/** One HTTP answer. A string goes out as text, anything else as JSON; undefined is an empty body. */
export type Answer = {
  readonly status: number
  readonly body?: Json
  readonly headers?: Readonly<Record<string, string>>
}

/** What a service says instead of doing what it was asked for. Caught where the request came in, never further out. */
export class Refused extends Error {
  readonly answer: Answer

  constructor(answer: Answer) {
    super(`HTTP ${answer.status}`)
    this.answer = answer
  }
}

/** Graph's error body; the ids in `innerError` are added on the way out. */
export function graphRefusal(status: number, code: string, message: string, details: readonly Props[] = []): Refused {
  return new Refused({ status, body: { error: { code, message, ...(details.length === 0 ? {} : { details }) } } })
}

export function badRequest(message: string, details: readonly Props[] = []): Refused {
  return graphRefusal(400, 'Request_BadRequest', message, details)
}

export function notFound(id: string): Refused {
  return graphRefusal(
    404,
    'Request_ResourceNotFound',
    `Resource '${id}' does not exist or one of its queried reference-property objects are not present.`,
  )
}

/** The value is in use by another object of the directory. */
export function objectConflict(property: string): Refused {
  const message = `Another object with the same value for property ${property} already exists.`
  return badRequest(message, [{ code: 'ObjectConflict', message, target: property }])
}

/** What the Exchange admin endpoint says when a cmdlet fails: `Ex… | class | text` in the details. */
export function cmdletRefusal(status: number, exception: string, text: string): Refused {
  const full = exception.includes('.') ? exception : `${NAMESPACES[exception] ?? 'Microsoft.Exchange.Configuration.Tasks'}.${exception}`
  const code = status === 404 ? 'NotFound' : status === 403 ? 'Forbidden' : 'BadRequest'
  return new Refused({
    status,
    body: {
      error: {
        code,
        message: 'Error executing cmdlet',
        details: [{ code: 'Context', target: '', message: `${errorId(text)}|${full}|${text}` }],
        innererror: {
          message: 'Error executing cmdlet',
          type: 'Microsoft.Exchange.Admin.OData.Core.ODataServiceException',
          stacktrace: '   at Microsoft.Exchange.AdminApi.CommandInvocation...',
          internalexception: {
            message: "Exception of type 'Microsoft.Exchange.Management.PSDirectInvoke.DirectInvokeCmdletExecutionException' was thrown.",
          },
        },
      },
    },
  })
}

const NAMESPACES: Readonly<Record<string, string>> = {
  ParameterBindingException: 'System.Management.Automation',
  CommandNotFoundException: 'System.Management.Automation',
  ArgumentException: 'System',
  ProxyAddressExistsException: 'Microsoft.Exchange.Data.Directory',
  ValidationException: 'Microsoft.Exchange.ManagementTasks',
  DataValidationException: 'Microsoft.Exchange.Data',
  RecipientTaskException: 'Microsoft.Exchange.Configuration.Tasks',
  MemberAlreadyExistsException: 'Microsoft.Exchange.Management.Tasks',
}

/** `Ex` and six hexadecimal digits, the same for the same text. */
function errorId(text: string): string {
  let hash = 0
  for (const letter of text) hash = (hash * 31 + (letter.codePointAt(0) ?? 0)) & 0xffffff
  return `Ex${hash.toString(16).toUpperCase().padStart(6, '0')}`
}

const DOMAIN_CONTROLLER = 'DB6PR06A001DC06.EURPR06A001.PROD.OUTLOOK.COM'

/** No such object, on the domain controller that was asked. */
export function objectMissing(identity: string): Refused {
  const text = `The operation couldn't be performed because object '${identity}' couldn't be found on '${DOMAIN_CONTROLLER}'.`
  return cmdletRefusal(404, 'ManagementObjectNotFoundException', text)
}

export function proxyExists(address: string, owner: string): Refused {
  const text =
    `The proxy address "SMTP:${address}" is already being used by the proxy addresses or LegacyExchangeDN of "${owner}". ` +
    'Please choose another proxy address.'
  return cmdletRefusal(400, 'ProxyAddressExistsException', text)
}
