/** A phrase that messages, docstrings, comments, names and documents must not contain. This file is the only list. */
export interface Phrase {
  readonly pattern: RegExp;
  /** What to write instead. */
  readonly instead: string;
  /** The one file that may contain the phrase. */
  readonly allowedIn?: string;
  /** A text that contains the phrase, for `test/prose.test.ts`. */
  readonly example: string;
}

const words = (list: string) => new RegExp(`\\b(?:${list})\\b`, 'gi');
/** The beginning of a text, a sentence, a table cell or a list item. */
const START = '(?:^|[.;|]\\s+|\\*\\s+|-\\s+)(?:\\*\\*)?';

/** A clause instead of a subject, and a pronoun instead of a noun. */
const SUBJECTS: Phrase[] = [
  {
    pattern: new RegExp(
      `${START}what(?:ever)? (?:is|are|was|has|have|does|do|can|can't|needs?|the|a|an|it|stays?|comes?|users?|this|somebody|grows|changes|stands|ships|else)\\b(?![^.;|\\n]*\\?)[^.;|\\n]*[.;]`,
      'gi',
    ),
    instead: 'a noun as the subject, instead of a clause with "what"',
    example: "What can't be read must not keep people from being told.",
  },
  {
    pattern: words('whoever|whomever|whosoever'),
    instead: '"anyone who", or the noun (users, callers, the reviewer)',
    example: 'Whoever has to have names makes the roles.',
  },
  {
    pattern: words('(?:one|ones) (?:that|which|who)|the one of'),
    instead: 'the noun, instead of "one that"',
    example: 'One that lasts returns a continuation.',
  },
  {
    pattern: words('by which|on which it|these words|from where it'),
    instead: 'two sentences, or "because", "with", "for"',
    example: 'By these words a release is known that was rolled back.',
  },
];

/** English words in the order, and with the meaning, of German ones. */
const IDIOM: Phrase[] = [
  {
    pattern: words('(?:is|are|was|were|be|been|being) waited for'),
    instead: '"is pending", "waits for"',
    example: 'ReleaseManager is waited for',
  },
  {
    pattern:
      /\bfrom which on\b|\bfrom (?!then|now|here|there)(?:the |an? )?[\w.-]+(?: [\w.-]+){0,5} on(?= *(?:[.,;:)|]|$))/gi,
    instead: '"at least", "or later", "starting with"',
    example: 'The value from which on the alarm goes off.',
  },
  {
    pattern: words('(?:tells?|told|hears?|heard) (?:of|nothing|no more)|nothing of|is said by|(?:is|are) told'),
    instead: '"is notified of", "returns no details", "none of", "specifies"',
    example: 'CodeDeploy tells nothing of the deployment',
  },
  {
    pattern: words(
      'by and by|now and then|all the same|once more|anew|ever so|lest|till|henceforth|hitherto|thereof|therein|hereby|thereby|whereof|whence|thence|ought',
    ),
    instead: '"gradually", "occasionally", "anyway", "again", "until"',
    example: 'shifts to it by and by',
  },
  { pattern: words('wish(?:ed|es)?'), instead: '"desired", "requested"', example: 'the wished configuration' },
  {
    pattern: words('(?:bring|brings|brought|bringing) (?:about|into being)'),
    instead: '"cause", "create"',
    example: 'brings about the change',
  },
  { pattern: words('(?:is|are|be) let be|lets? (?:it|them) be'), instead: '"ignores"', example: 'it is let be' },
  { pattern: words('belongs? into'), instead: '"belongs in"', example: 'Secrets belong into Secrets Manager.' },
  {
    pattern: words('(?:is|are|was|were) to be'),
    instead: '"must be", "needs", an imperative',
    example: 'Nothing is to be done.',
  },
  {
    pattern: words('(?:is|are|was|were) (?:not |already )?there(?! (?:an?|any|no)\\b)'),
    instead: '"exists", "is missing", "existing"',
    example: 'a function of that name that is there',
  },
  {
    pattern: words('(?:is|are) well(?= *(?:[.,;:)]|$))'),
    instead: '"is healthy"',
    example: 'Missing data is well.',
  },
  {
    pattern: words('(?:go|goes|went|going) off'),
    instead: '"goes into ALARM", "fires"',
    example: 'when an alarm goes off',
  },
  {
    pattern: words('(?<!\\ball (?:\\w+ )?)at once'),
    instead: '"immediately", "at the same time"',
    example: 'it fails at once',
  },
  { pattern: words('no more(?! than)'), instead: '"no longer"', example: 'maintains that image no more' },
  {
    pattern: words('takes? (?:no|neither|at most|for)|take it for'),
    instead: '"accepts", "allows", "mistakes for"',
    example: 'CodePipeline takes no other',
  },
  { pattern: words('hand(?:s|ed|ing)? on'), instead: '"passes"', example: 'hands the package on, or handed on' },
  { pattern: words('(?:left|leaves?|leaving) out'), instead: '"omits", "omitted"', example: 'must be left out' },
  { pattern: words('a \\w+ too (?:much|many)'), instead: '"an extra …"', example: 'a folder too much' },
  { pattern: words('looks? whether'), instead: '"checks whether"', example: 'looks whether the function exists' },
  {
    pattern: words('holds? (?:\\w+ )?against|held against'),
    instead: '"checks against", "compares with"',
    example: 'each call is held against the policies',
  },
  {
    pattern: words('stands? (?:there|nowhere|in(?! for|$)|on|at|under|once|beside|also)'),
    instead: '"is", "is listed"',
    example: 'a line that stands nowhere',
  },
  {
    pattern: words('of (?:outside|elsewhere|today|somewhere else)'),
    instead: 'an adjective: "external", "current"',
    example: 'runtimes of today',
  },
  { pattern: words('must bear|bears? being'), instead: '"must be idempotent"', example: 'A step must bear it.' },
  { pattern: words('inside of'), instead: '"inside"', example: 'inside of the zip' },
  { pattern: words('called like|depends? from|consists? in'), instead: '"named like"', example: 'called like it' },
  {
    pattern: words('(?:allow|enable|permit)s? to (?!be\\b)[a-z]+'),
    instead: '"allows … to", with whom it allows',
    example: 'the role allows to read the bucket',
  },
  {
    pattern: words('informations|softwares|advices|feedbacks|infos|evidences'),
    instead: 'the singular',
    example: 'more informations',
  },
  { pattern: words('stands still|stand still'), instead: '"stops"', example: 'the rehearsal stands still' },
  { pattern: words('need(?:s|ed)? no leave|need leave'), instead: '"permission"', example: 'the others need no leave' },
  {
    pattern: words('the document(?!s|ation|ed)'),
    instead: 'the name of the document, or the thing itself',
    allowedIn: 'docs/design-document.md',
    example: 'as the document says',
  },
];

/** Spellings of other places. */
const AMERICAN: Phrase[] = [
  {
    pattern: words(
      '(?:recogn|organ|normal|serial|initial|minim|maxim|optim|author|custom|final|general|summar|synchron|util|visual|' +
        'categor|emphas|priorit|standard|special|local|central|analy|paraly|real|apolog|critic|symbol|stabil|token|sanit|' +
        'modern|memor|character|item|random|parameter|container|material|real)(?:ise|ised|ises|iser|ising|isation|isations|se|sed|sing)',
    ),
    instead: 'the spelling with z: "recognize"',
    example: 'is recognised as unchanged',
  },
  {
    pattern: words('(?:behavi|col|fav|flav|hon|neighb|hum|lab|harb)our(?:s|ed|ing|able|ite|hood)?'),
    instead: 'the spelling with "or": "behavior"',
    example: 'the behaviour of a step',
  },
  {
    pattern:
      /\b(?:cancell(?:ed|ing)|labell(?:ed|ing)|modell(?:ed|ing)|travell(?:ed|ing)|signall(?:ed|ing)|fulfil|enrol|skilful)\b/g,
    instead: 'a single l: "canceled"; a double one in "fulfill"',
    example: 'a run that was cancelled',
  },
  {
    pattern: words(
      'centres?|metres?|fibres?|licences?|licenced|defence|offence|catalogues?|cheque|grey|programmes?|artefacts?|judgements?|ageing|whilst|amongst|learnt|burnt|spelt|for ever|time-outs?',
    ),
    instead: 'the American spelling: "center", "license", "gray", "while", "forever", "timeout"',
    example: 'kept for ever',
  },
  { pattern: words('(?:lower|upper)-case'), instead: '"lowercase"', example: 'lower-case letters' },
  { pattern: words('e-mails?'), instead: '"email"', example: 'by e-mail' },
];

export const PHRASES: readonly Phrase[] = [...SUBJECTS, ...IDIOM, ...AMERICAN];
