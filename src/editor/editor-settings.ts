/** What a user of an editor can choose. */
export interface EditorSettings {
  readonly inlayHints: InlayHintSettings;
  /** The commands that the editor can run: a code lens for another one would do nothing. */
  readonly commands: readonly string[];
}

export interface InlayHintSettings {
  /** The type of a field that is written without one. */
  readonly fieldTypes: boolean;
  /** The type of a row that a source gives. */
  readonly sourceTypes: boolean;
  /** The parameter's name before an argument that is written out. */
  readonly parameterNames: boolean;
}

export const standardSettings: EditorSettings = {
  inlayHints: { fieldTypes: true, sourceTypes: false, parameterNames: true },
  commands: [],
};

/** The settings that an editor sends; what it leaves out, or sends in another form, stays as it was. */
export function settingsFrom(sent: unknown, before: EditorSettings): EditorSettings {
  const hints = partOf(sent, 'inlayHints');
  const commands = partOf(sent, 'commands');
  const chosen = (name: keyof InlayHintSettings): boolean => {
    const value = partOf(hints, name);
    return typeof value === 'boolean' ? value : before.inlayHints[name];
  };
  return {
    inlayHints: {
      fieldTypes: chosen('fieldTypes'),
      sourceTypes: chosen('sourceTypes'),
      parameterNames: chosen('parameterNames'),
    },
    commands: Array.isArray(commands)
      ? commands.filter((each): each is string => typeof each === 'string')
      : before.commands,
  };
}

function partOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Readonly<Record<string, unknown>>)[name]
    : undefined;
}
