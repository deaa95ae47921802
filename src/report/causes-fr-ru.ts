import type { Causes } from './causes.ts'

export const CAUSES_FR: Causes = {
  'too-large': {
    cause: 'Le message est plus grand que ce que le nouveau système accepte.',
    remedy: 'Nous le remettons sous forme de fichier ; les pièces jointes peuvent aller dans OneDrive ou sur un partage.',
  },
  refused: {
    cause: 'Le nouveau système n’accepte pas ce message sous sa forme actuelle.',
    remedy: 'Nous le remettons sous forme de fichier lisible dans Outlook.',
  },
  infected: {
    cause: 'Le nouveau système a trouvé un virus dans ce message.',
    remedy: 'L’abandonner, ou le faire examiner par la personne chargée de la sécurité.',
  },
  unreadable: {
    cause: 'L’ancien serveur annonce ce message mais ne le délivre pas.',
    remedy: 'Le chercher dans une sauvegarde de l’ancien serveur, ou accepter la perte : l’ancienne boîte ne peut pas le montrer non plus.',
  },
  placeholder: {
    cause: 'L’ancien serveur délivre un substitut à la place du message.',
    remedy: 'Faire restaurer l’original depuis l’archive de l’ancien système ; le prochain passage le copiera.',
  },
  vanished: { cause: 'Il a été supprimé de l’ancien côté pendant la copie.', remedy: 'Rien à faire.' },
  doubtful: {
    cause: 'Il n’a pas été possible de savoir si ce message était arrivé.',
    remedy: 'Nous vérifions dans la nouvelle boîte, puis le copions de nouveau s’il n’y est pas.',
  },
  deleted: {
    cause: 'Il était marqué comme supprimé de l’ancien côté.',
    remedy: 'Rien à faire ; dites-nous si vous souhaitez garder ces messages.',
  },
  'already-there': { cause: 'Il s’y trouve déjà.', remedy: 'Rien à faire.' },
  'folder-data': { cause: 'Ce n’est pas du courrier mais une donnée de l’ancien serveur.', remedy: 'Rien à faire.' },
  'folder-closed': {
    cause: 'L’ancien serveur n’ouvre pas ce dossier.',
    remedy: 'Accorder le droit de le lire, ou faire réparer le dossier là-bas.',
  },
  'folder-gone': { cause: 'Le dossier n’existe plus.', remedy: 'Rien à faire : le prochain passage regardera de nouveau.' },
  'folder-name': { cause: 'Le nouveau système n’accepte pas le nom de ce dossier.', remedy: 'Le renommer de l’ancien côté.' },
  'many-deletions': {
    cause: 'Un nombre inhabituel de messages a été supprimé de l’ancien côté.',
    remedy: 'Dites-nous si c’était voulu ; d’ici là nous ne reportons pas ces suppressions.',
  },
  'sign-in': {
    cause: 'L’ancienne boîte n’a pas pu être ouverte avec cet identifiant.',
    remedy: 'Vérifier l’identifiant et le mot de passe de cette boîte.',
  },
  locked: {
    cause: 'Le compte est bloqué, ou son accès par IMAP est désactivé.',
    remedy: 'Débloquer le compte ou activer IMAP dans l’ancien système.',
  },
  rights: {
    cause: 'Le droit de lire cette boîte manque.',
    remedy: 'L’accorder dans l’ancien système ; il peut mettre du temps à prendre effet.',
  },
  full: { cause: 'La nouvelle boîte est pleine.', remedy: 'Lui donner plus de place ou une autre licence.' },
  'not-ready': {
    cause: 'La nouvelle boîte ne peut pas encore être ouverte.',
    remedy: 'Vérifier la licence et les droits ; une nouvelle boîte met du temps à être prête.',
  },
  network: {
    cause: 'Le serveur était injoignable, ou coupait sans cesse.',
    remedy: 'Nous réessayons ; si cela ne suffit pas, il faut examiner le réseau ou le serveur.',
  },
  slowed: { cause: 'Un serveur a demandé de ralentir.', remedy: 'Rien à faire : cela reprend tout seul.' },
  stopped: { cause: 'La copie a été arrêtée.', remedy: 'Elle reprend à la prochaine exécution.' },
  other: { cause: 'Le transfert n’a pas été possible.', remedy: 'Nous l’examinons ; le code dit ce qui s’est passé.' },
}

export const CAUSES_RU: Causes = {
  'too-large': {
    cause: 'Письмо больше, чем принимает новая система.',
    remedy: 'Мы передадим его файлом; вложения можно положить в OneDrive или в общую папку.',
  },
  refused: {
    cause: 'Новая система не принимает это письмо в его виде.',
    remedy: 'Мы передадим его файлом, который открывается в Outlook.',
  },
  infected: {
    cause: 'Новая система нашла в этом письме вирус.',
    remedy: 'Оставить его или показать тому, кто отвечает за безопасность.',
  },
  unreadable: {
    cause: 'Старый сервер показывает это письмо в списке, но не выдаёт его.',
    remedy: 'Поискать его в резервной копии старого сервера или принять потерю: старый ящик тоже не может его показать.',
  },
  placeholder: {
    cause: 'Старый сервер выдаёт вместо письма заглушку.',
    remedy: 'Вернуть оригинал из архива старой системы; следующий проход скопирует его.',
  },
  vanished: { cause: 'Его удалили на старой стороне во время копирования.', remedy: 'Делать ничего не нужно.' },
  doubtful: {
    cause: 'Не удалось узнать, дошло ли это письмо.',
    remedy: 'Мы посмотрим в новом ящике и скопируем его ещё раз, если его там нет.',
  },
  deleted: {
    cause: 'На старой стороне оно было помечено как удалённое.',
    remedy: 'Делать ничего не нужно; скажите нам, если такие письма нужны.',
  },
  'already-there': { cause: 'Оно там уже есть.', remedy: 'Делать ничего не нужно.' },
  'folder-data': { cause: 'Это не письмо, а служебные данные старого сервера.', remedy: 'Делать ничего не нужно.' },
  'folder-closed': {
    cause: 'Старый сервер не открывает эту папку.',
    remedy: 'Дать право на её чтение или восстановить папку на старом сервере.',
  },
  'folder-gone': { cause: 'Этой папки больше нет.', remedy: 'Делать ничего не нужно: следующий проход посмотрит снова.' },
  'folder-name': { cause: 'Новая система не принимает имя этой папки.', remedy: 'Переименовать её на старой стороне.' },
  'many-deletions': {
    cause: 'На старой стороне удалено необычно много писем.',
    remedy: 'Скажите, намеренно ли это; до тех пор мы не переносим эти удаления.',
  },
  'sign-in': { cause: 'Старый ящик не удалось открыть с этим именем входа.', remedy: 'Проверить имя входа и пароль этого ящика.' },
  locked: {
    cause: 'Учётная запись заблокирована, или доступ по IMAP для неё выключен.',
    remedy: 'Разблокировать учётную запись или включить IMAP в старой системе.',
  },
  rights: { cause: 'Нет права читать этот ящик.', remedy: 'Дать его в старой системе; оно может начать действовать не сразу.' },
  full: { cause: 'Новый ящик переполнен.', remedy: 'Дать ему больше места или другую лицензию.' },
  'not-ready': {
    cause: 'Новый ящик пока нельзя открыть.',
    remedy: 'Проверить лицензию и права; новому ящику нужно время.',
  },
  network: {
    cause: 'Сервер был недоступен или снова и снова обрывал связь.',
    remedy: 'Мы попробуем ещё раз; если не поможет, нужно проверить сеть или сервер.',
  },
  slowed: { cause: 'Сервер попросил работать медленнее.', remedy: 'Делать ничего не нужно: работа продолжится сама.' },
  stopped: { cause: 'Копирование было остановлено.', remedy: 'Оно продолжится при следующем запуске.' },
  other: { cause: 'Перенести не удалось.', remedy: 'Мы разберёмся; код говорит, что произошло.' },
}
