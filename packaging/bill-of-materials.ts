import { INLINED } from './bundle.ts';

/** The parts of CycloneDX that matter here, as `npm sbom` writes them. */
interface Bill {
  serialNumber?: string;
  metadata: { timestamp?: string; component: { readonly 'bom-ref': string; name: string } };
  components: readonly Component[];
  dependencies: readonly { readonly ref: string; readonly dependsOn: readonly string[] }[];
}

interface Component {
  readonly 'bom-ref': string;
  readonly name: string;
  readonly properties?: readonly { readonly name: string; readonly value: string }[];
}

/**
 * The bill of materials of the image, as JSON, from that of `npm sbom` without `--omit`, which would also leave out what both
 * the runtime and a tool for development need: the packages beside the bundle, and those inside it. The moment and the
 * number of the run are left out, as the format allows: two builds give the same bytes.
 */
export function billOfMaterials(all: string): string {
  const bill = JSON.parse(all) as Bill;
  const own = bill.metadata.component['bom-ref'];
  const inlined = inlinedOf(bill);
  const components = bill.components.filter((each) => inlined.includes(each) || !isForDevelopment(each));
  const kept = new Set([own, ...components.map((each) => each['bom-ref'])]);
  delete bill.serialNumber;
  delete bill.metadata.timestamp;
  // npm names it after the folder.
  bill.metadata.component.name = own.replace(/@[^@]*$/, '');
  bill.components = components;
  bill.dependencies = bill.dependencies
    .filter(({ ref }) => kept.has(ref))
    .map(({ ref, dependsOn }) => ({ ref, dependsOn: dependsOn.filter((each) => kept.has(each)) }));
  return `${JSON.stringify(bill, null, 1)}\n`;
}

function isForDevelopment({ properties = [] }: Component): boolean {
  return properties.some(({ name, value }) => name === 'cdx:npm:package:development' && value === 'true');
}

/** Of several versions of a package, the bundle has the one that this project asks for. */
function inlinedOf({ metadata, components, dependencies }: Bill): readonly Component[] {
  const own = dependencies.find(({ ref }) => ref === metadata.component['bom-ref'])?.dependsOn ?? [];
  return INLINED.map((name) => {
    const found = components.find((each) => each.name === name && own.includes(each['bom-ref']));
    if (found === undefined) throw new Error(`the bill of materials does not name ${name}, which is bundled`);
    return found;
  });
}
