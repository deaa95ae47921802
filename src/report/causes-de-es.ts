import type { Causes } from './causes.ts'

export const CAUSES_DE: Causes = {
  'too-large': {
    cause: 'Die Nachricht ist größer, als das neue System annimmt.',
    remedy: 'Wir übergeben sie als Datei; die Anhänge können in OneDrive oder auf einer Freigabe abgelegt werden.',
  },
  refused: {
    cause: 'Das neue System nimmt diese Nachricht in ihrer Form nicht an.',
    remedy: 'Wir übergeben sie als Datei, die sich in Outlook öffnen lässt.',
  },
  infected: {
    cause: 'Das neue System hat in dieser Nachricht einen Virus gefunden.',
    remedy: 'Zurücklassen oder von der für Sicherheit zuständigen Person ansehen lassen.',
  },
  unreadable: {
    cause: 'Der alte Server führt diese Nachricht auf, gibt sie aber nicht heraus.',
    remedy: 'In einer Sicherung des alten Servers suchen oder den Verlust hinnehmen: Auch das alte Postfach kann sie nicht zeigen.',
  },
  placeholder: {
    cause: 'Der alte Server gibt statt der Nachricht einen Platzhalter heraus.',
    remedy: 'Das Original aus dem Archiv des alten Systems zurückholen lassen; der nächste Lauf kopiert es.',
  },
  vanished: { cause: 'Sie wurde während des Kopierens auf der alten Seite gelöscht.', remedy: 'Nichts zu tun.' },
  doubtful: {
    cause: 'Es ließ sich nicht feststellen, ob diese Nachricht angekommen ist.',
    remedy: 'Wir sehen im neuen Postfach nach und kopieren sie noch einmal, falls sie fehlt.',
  },
  deleted: {
    cause: 'Sie war auf der alten Seite als gelöscht markiert.',
    remedy: 'Nichts zu tun, oder sagen Sie uns, wenn solche Nachrichten gewünscht sind.',
  },
  'already-there': { cause: 'Sie ist dort bereits vorhanden.', remedy: 'Nichts zu tun.' },
  'folder-data': { cause: 'Es ist keine Nachricht, sondern Verwaltungsdaten des alten Servers.', remedy: 'Nichts zu tun.' },
  'folder-closed': {
    cause: 'Der alte Server öffnet diesen Ordner nicht.',
    remedy: 'Das Leserecht erteilen oder den Ordner dort reparieren lassen.',
  },
  'folder-gone': { cause: 'Den Ordner gibt es nicht mehr.', remedy: 'Nichts zu tun: Der nächste Lauf sieht wieder nach.' },
  'folder-name': {
    cause: 'Das neue System nimmt den Namen dieses Ordners nicht an.',
    remedy: 'Den Ordner auf der alten Seite umbenennen.',
  },
  'many-deletions': {
    cause: 'Auf der alten Seite wurden ungewöhnlich viele Nachrichten gelöscht.',
    remedy: 'Sagen Sie uns, ob das Absicht war; bis dahin halten wir die Löschungen zurück.',
  },
  'sign-in': {
    cause: 'Das alte Postfach ließ sich mit dieser Anmeldung nicht öffnen.',
    remedy: 'Anmeldename und Kennwort dieses Postfachs prüfen.',
  },
  locked: {
    cause: 'Das Konto ist gesperrt, oder der Zugang über IMAP ist abgeschaltet.',
    remedy: 'Das Konto entsperren oder IMAP im alten System einschalten.',
  },
  rights: { cause: 'Das Recht, dieses Postfach zu lesen, fehlt.', remedy: 'Im alten System erteilen; es kann etwas dauern, bis es wirkt.' },
  full: { cause: 'Das neue Postfach ist voll.', remedy: 'Mehr Platz oder eine andere Lizenz zuweisen.' },
  'not-ready': {
    cause: 'Das neue Postfach lässt sich noch nicht öffnen.',
    remedy: 'Lizenz und Rechte prüfen; ein neues Postfach braucht etwas Zeit.',
  },
  network: {
    cause: 'Der Server war nicht erreichbar oder brach immer wieder ab.',
    remedy: 'Wir versuchen es erneut; hilft das nicht, müssen Netz oder Server angesehen werden.',
  },
  slowed: { cause: 'Ein Server hat um langsameres Arbeiten gebeten.', remedy: 'Nichts zu tun: Es geht von selbst weiter.' },
  stopped: { cause: 'Das Kopieren wurde angehalten.', remedy: 'Es geht mit dem nächsten Lauf weiter.' },
  other: { cause: 'Es konnte nicht übertragen werden.', remedy: 'Wir sehen es uns an; die Kennung sagt, was geschehen ist.' },
}

export const CAUSES_ES: Causes = {
  'too-large': {
    cause: 'El mensaje es mayor de lo que acepta el sistema nuevo.',
    remedy: 'Lo entregamos como archivo; los adjuntos pueden guardarse en OneDrive o en una carpeta compartida.',
  },
  refused: {
    cause: 'El sistema nuevo no acepta este mensaje en su forma actual.',
    remedy: 'Lo entregamos como un archivo que se puede abrir en Outlook.',
  },
  infected: {
    cause: 'El sistema nuevo encontró un virus en este mensaje.',
    remedy: 'Dejarlo atrás o pedir a la persona responsable de seguridad que lo revise.',
  },
  unreadable: {
    cause: 'El servidor antiguo muestra este mensaje en su lista, pero no lo entrega.',
    remedy: 'Buscarlo en una copia de seguridad del servidor antiguo o aceptar la pérdida: tampoco el buzón antiguo puede mostrarlo.',
  },
  placeholder: {
    cause: 'El servidor antiguo entrega un sustituto en lugar del mensaje.',
    remedy: 'Recuperar el original del archivo del sistema antiguo; se copiará en la siguiente pasada.',
  },
  vanished: { cause: 'Se borró en el lado antiguo durante la copia.', remedy: 'No hay que hacer nada.' },
  doubtful: {
    cause: 'No se pudo saber si este mensaje había llegado.',
    remedy: 'Miramos en el buzón nuevo y, si no está, lo copiamos de nuevo.',
  },
  deleted: {
    cause: 'Estaba marcado como borrado en el lado antiguo.',
    remedy: 'No hay que hacer nada; díganos si desea conservar estos mensajes.',
  },
  'already-there': { cause: 'Ya está allí.', remedy: 'No hay que hacer nada.' },
  'folder-data': { cause: 'No es correo, sino datos del servidor antiguo.', remedy: 'No hay que hacer nada.' },
  'folder-closed': {
    cause: 'El servidor antiguo no abre esta carpeta.',
    remedy: 'Conceder el permiso de lectura o hacer reparar la carpeta allí.',
  },
  'folder-gone': { cause: 'La carpeta ya no existe.', remedy: 'No hay que hacer nada: la siguiente pasada volverá a mirar.' },
  'folder-name': { cause: 'El sistema nuevo no acepta el nombre de esta carpeta.', remedy: 'Cambiarle el nombre en el lado antiguo.' },
  'many-deletions': {
    cause: 'En el lado antiguo se borraron más mensajes de lo habitual.',
    remedy: 'Díganos si fue a propósito; hasta entonces no trasladamos los borrados.',
  },
  'sign-in': {
    cause: 'El buzón antiguo no se pudo abrir con este inicio de sesión.',
    remedy: 'Comprobar el usuario y la contraseña de este buzón.',
  },
  locked: {
    cause: 'La cuenta está bloqueada o tiene desactivado el acceso por IMAP.',
    remedy: 'Desbloquear la cuenta o activar IMAP en el sistema antiguo.',
  },
  rights: { cause: 'Falta el permiso para leer este buzón.', remedy: 'Concederlo en el sistema antiguo; puede tardar en surtir efecto.' },
  full: { cause: 'El buzón nuevo está lleno.', remedy: 'Darle más espacio u otra licencia.' },
  'not-ready': {
    cause: 'El buzón nuevo todavía no se puede abrir.',
    remedy: 'Comprobar la licencia y los permisos; un buzón nuevo tarda en estar listo.',
  },
  network: {
    cause: 'No se pudo llegar al servidor o la conexión se cortó una y otra vez.',
    remedy: 'Lo intentamos de nuevo; si no basta, hay que revisar la red o el servidor.',
  },
  slowed: { cause: 'Un servidor pidió ir más despacio.', remedy: 'No hay que hacer nada: continúa por sí solo.' },
  stopped: { cause: 'La copia se detuvo.', remedy: 'Continúa en la siguiente ejecución.' },
  other: { cause: 'No se pudo trasladar.', remedy: 'Lo revisamos; el código indica qué ocurrió.' },
}
