/** The pipeline, stream and roles of a program whose messages keep their order; `settings` are those of the worker. */
export function partitioned(id: string, partitions: number, settings: string): string {
  return `
pipeline moving${id}
stream M${id} {
  subject ingest = "m${id}.ingest.{entity}"
  subject dead = "m${id}.dead.{entity}"
  storage: memory
  partitions: ${partitions}
}
role ingest { publish M${id}.ingest }
role worker { consume M${id}.ingest  dead_letter M${id}.dead  ${settings} }`;
}
