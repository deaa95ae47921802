import type { PhraseTable } from './phrase.ts'

type Name = 'customer' | 'made' | 'page' | 'page-of' | 'more-rows' | 'not-shown' | 'name-and-date' | 'signature' | 'nothing'

/** What the printers say themselves, whatever the report. */
export const PRINTER: PhraseTable<Name> = {
  en: {
    customer: 'Prepared for {customer}',
    made: 'As of {at} ({zone})',
    page: 'Page',
    'page-of': 'Page {page} of {pages}',
    'more-rows': 'And {count:more line|more lines}: the HTML and CSV files of this report have all of them.',
    'not-shown':
      'Some names in this report are in a script that this PDF has no letters for. They are shown as �; the HTML and CSV files have them in full.',
    'name-and-date': 'Name, date',
    signature: 'Signature',
    nothing: 'Nothing to report.',
  },
  de: {
    customer: 'Erstellt für {customer}',
    made: 'Stand: {at} ({zone})',
    page: 'Seite',
    'page-of': 'Seite {page} von {pages}',
    'more-rows': 'Und {count:weitere Zeile|weitere Zeilen}: Die HTML- und CSV-Dateien dieses Berichts enthalten alle.',
    'not-shown':
      'Einige Namen in diesem Bericht stehen in einer Schrift, für die dieses PDF keine Zeichen hat. Sie erscheinen als �; die HTML- und CSV-Dateien enthalten sie vollständig.',
    'name-and-date': 'Name, Datum',
    signature: 'Unterschrift',
    nothing: 'Nichts zu berichten.',
  },
  fr: {
    customer: 'Préparé pour {customer}',
    made: 'État au {at} ({zone})',
    page: 'Page',
    'page-of': 'Page {page} sur {pages}',
    'more-rows': 'Et {count:autre ligne|autres lignes} : les fichiers HTML et CSV de ce rapport les contiennent toutes.',
    'not-shown':
      'Certains noms de ce rapport sont dans une écriture dont ce PDF n’a pas les caractères. Ils apparaissent comme � ; les fichiers HTML et CSV les contiennent en entier.',
    'name-and-date': 'Nom, date',
    signature: 'Signature',
    nothing: 'Rien à signaler.',
  },
  es: {
    customer: 'Preparado para {customer}',
    made: 'Situación a {at} ({zone})',
    page: 'Página',
    'page-of': 'Página {page} de {pages}',
    'more-rows': 'Y {count:línea más|líneas más}: los archivos HTML y CSV de este informe las contienen todas.',
    'not-shown':
      'Algunos nombres de este informe están en una escritura para la que este PDF no tiene letras. Aparecen como �; los archivos HTML y CSV los contienen completos.',
    'name-and-date': 'Nombre, fecha',
    signature: 'Firma',
    nothing: 'Nada que informar.',
  },
  ru: {
    customer: 'Подготовлено для: {customer}',
    made: 'По состоянию на {at} ({zone})',
    page: 'Страница',
    'page-of': 'Страница {page} из {pages}',
    'more-rows': 'И ещё {count:строка|строки|строк}: в файлах HTML и CSV этого отчёта есть все.',
    'not-shown':
      'Некоторые имена в этом отчёте записаны письмом, букв которого нет в этом PDF. Они показаны как �; в файлах HTML и CSV они есть полностью.',
    'name-and-date': 'Имя, дата',
    signature: 'Подпись',
    nothing: 'Сообщать не о чем.',
  },
}
