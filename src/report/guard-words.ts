import type { Language } from './document.ts'

type Titles = readonly [de: string, fr: string, es: string, ru: string]

/** What must hold before a domain is switched; English titles are those of the switch itself. */
const TITLES: Readonly<Record<string, Titles>> = {
  analysis: [
    'Nichts in den Einträgen steht im Weg',
    'Rien dans les enregistrements ne s’y oppose',
    'Nada en los registros lo impide',
    'В записях ничто не мешает',
  ],
  'dns-writable': [
    'Die Einträge lassen sich ändern',
    'Les enregistrements peuvent être modifiés',
    'Los registros se pueden cambiar',
    'Записи можно менять',
  ],
  snapshot: [
    'Der jetzige Stand ist gesichert und lesbar',
    'L’état actuel est sauvegardé et lisible',
    'El estado actual está guardado y se puede leer',
    'Нынешнее состояние сохранено и читается',
  ],
  prepared: [
    'Jeder Nameserver hat die Ergänzungen',
    'Chaque serveur de noms a les ajouts',
    'Cada servidor de nombres tiene lo añadido',
    'Добавления есть на каждом сервере имён',
  ],
  lowered: [
    'Jeder Nameserver hat die kurzen Gültigkeitszeiten',
    'Chaque serveur de noms a les durées de vie courtes',
    'Cada servidor de nombres tiene los tiempos de vida cortos',
    'Короткие сроки жизни записей есть на каждом сервере имён',
  ],
  ttl: [
    'Die alten Gültigkeitszeiten sind überall abgelaufen',
    'Les anciennes durées de vie ont expiré partout',
    'Los tiempos de vida antiguos han vencido en todas partes',
    'Старые сроки жизни записей везде истекли',
  ],
  'mx-host': [
    'Der neue Mailserver ist benannt und antwortet',
    'Le nouveau serveur de messagerie est connu et répond',
    'El nuevo servidor de correo está indicado y responde',
    'Новый почтовый сервер назван и отвечает',
  ],
  recipients: [
    'Die neue Seite nimmt Post für jede Adresse an',
    'Le nouveau côté accepte le courrier de chaque adresse',
    'El lado nuevo acepta correo para cada dirección',
    'Новая сторона принимает почту для каждого адреса',
  ],
  tenant: [
    'Mandant und Domäne sind bereit',
    'Le locataire et le domaine sont prêts',
    'El inquilino y el dominio están listos',
    'Клиент (tenant) и домен готовы',
  ],
  lag: [
    'Jedes Postfach ist kopiert, geprüft und aktuell',
    'Chaque boîte est copiée, vérifiée et à jour',
    'Cada buzón está copiado, verificado y al día',
    'Каждый ящик скопирован, проверен и свеж',
  ],
  source: [
    'Jedes alte Postfach lässt sich lesen',
    'Chaque ancienne boîte peut être lue',
    'Cada buzón antiguo se puede leer',
    'Каждый старый ящик читается',
  ],
  'old-host': [
    'Der alte Server nimmt weiter Post an',
    'L’ancien serveur continue d’accepter le courrier',
    'El servidor antiguo sigue aceptando correo',
    'Старый сервер продолжает принимать почту',
  ],
  'way-back': [
    'Der Rückweg wurde ausprobiert',
    'Le retour en arrière a été essayé',
    'La vuelta atrás se ha probado',
    'Путь назад опробован',
  ],
  drift: [
    'Niemand sonst hat die Einträge geändert',
    'Personne d’autre n’a modifié les enregistrements',
    'Nadie más ha cambiado los registros',
    'Никто другой не менял записи',
  ],
  'approval-switch': [
    'Ein Mensch hat entschieden umzuschalten',
    'Une personne a décidé la bascule',
    'Una persona ha decidido hacer el cambio',
    'Человек принял решение о переключении',
  ],
}

export function guardTitle(guard: string, title: string, language: Language): string {
  const at = (['de', 'fr', 'es', 'ru'] as const).findIndex((one) => one === language)
  return TITLES[guard]?.[at] ?? title.charAt(0).toUpperCase() + title.slice(1)
}
