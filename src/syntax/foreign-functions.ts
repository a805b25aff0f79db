const renamed: ReadonlyMap<string, string> = new Map(
  Object.entries({
    substring: '`substr`',
    left: '`truncate`',
    len: '`length`, or `count` of a list',
    size: '`count`, or `length` of a text',
    tolower: '`lower`',
    lowercase: '`lower`',
    toupper: '`upper`',
    uppercase: '`upper`',
    includes: '`contains`',
    coalesce: '`a ?? b`',
    ifnull: '`a ?? b`',
    nullif: '`nonempty`, or `if x == value then null else x`',
    ceiling: '`ceil`',
    least: '`min`',
    greatest: '`max`',
    cast: '`to_text`, `parse_int`, `parse_decimal`, `parse_date`, `parse_timestamp` or `parse_bool`',
    to_date: '`parse_date`',
    to_timestamp: '`parse_timestamp`',
    to_char: '`to_text`',
    extract: '`date_part`',
    current_timestamp: '`now`',
    uuid_generate_v5: '`uuid5`',
    regexp_match: '`regex_match`, or `regex_group`',
    sha2: '`sha256`',
    downcase: '`lower`',
    lcase: '`lower`',
    upcase: '`upper`',
    ucase: '`upper`',
    touppercase: '`upper`',
    tolowercase: '`lower`',
    startswith: '`starts_with`',
    endswith: '`ends_with`',
    replaceall: '`replace`',
    slice: '`substr`',
    strip: '`trim`',
    tostring: '`to_text`',
    parseint: '`parse_int`',
    getdate: '`now`',
    parsefloat: '`parse_decimal`',
  }).map(([habit, ours]) => [habit, `write ${ours}`]),
);

/** What makes another value each time: a message that is delivered twice would get two. */
const inventing = [
  'autoincrement',
  'nextval',
  'gen_random_uuid',
  'uuid_generate_v4',
  'uuid',
  'uuid4',
  'uuidv4',
  'newid',
  'cuid',
  'nanoid',
  'random',
  'rand',
];

/** What functions are called elsewhere, and what to do here. */
export const foreignFunctions: ReadonlyMap<string, string> = new Map([
  ...renamed,
  ...inventing.map(
    (habit) =>
      [
        habit,
        `leave \`= ${habit}()\` out: the value has to come with the message, so that the same message makes the same row`,
      ] as const,
  ),
]);
