import { INLINED } from './bundle.ts';

/** The parts of CycloneDX that matter here, as `npm sbom` writes them. */
interface Bill {
  serialNumber?: string;
  metadata: { timestamp?: string; component: { readonly 'bom-ref': string; name: string } };
  components: { readonly 'bom-ref': string; readonly name: string }[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn: readonly string[] }[];
}

/**
 * The bill of materials of the image, as JSON: `installed`, the packages beside the bundle, and from `all` those inside it.
 * The moment and the number of the run are left out, as the format allows: two builds give the same bytes.
 */
export function billOfMaterials(installed: string, all: string): string {
  const bill = JSON.parse(installed) as Bill;
  const inlined = inlinedOf(JSON.parse(all) as Bill);
  delete bill.serialNumber;
  const { component } = bill.metadata;
  delete bill.metadata.timestamp;
  // npm names it after the folder.
  component.name = component['bom-ref'].replace(/@[^@]*$/, '');
  const known = new Set(bill.components.map((each) => each['bom-ref']));
  bill.components.push(...inlined.filter((each) => !known.has(each['bom-ref'])));
  return `${JSON.stringify(bill, null, 1)}\n`;
}

/** Of several versions of a package, the bundle has the one that this project asks for. */
function inlinedOf({ metadata, components, dependencies }: Bill): Bill['components'] {
  const own = dependencies.find(({ ref }) => ref === metadata.component['bom-ref'])?.dependsOn ?? [];
  return INLINED.map((name) => {
    const found = components.find((each) => each.name === name && own.includes(each['bom-ref']));
    if (found === undefined) throw new Error(`the bill of materials does not name ${name}, which is bundled`);
    return found;
  });
}
