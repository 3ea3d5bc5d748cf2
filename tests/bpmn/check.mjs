// Reads a JSON object {name: xml} from standard input and prints, per name, what bpmn.io's parser made of it.
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

const require = createRequire(pathToFileURL(process.argv[2] + '/'));
const { BpmnModdle } = await import(pathToFileURL(require.resolve('bpmn-moddle')).href);
const documents = JSON.parse(readFileSync(0, 'utf8'));
const results = {};

for (const [name, xml] of Object.entries(documents)) {
  try {
    const { rootElement, warnings, elementsById } = await new BpmnModdle().fromXML(xml);
    const process = rootElement.rootElements.find((element) => element.$type === 'bpmn:Process');
    const plane = rootElement.diagrams[0].plane;
    const drawn = new Set(plane.planeElement.map((element) => element.bpmnElement?.id));
    const inLanes = new Set(process.laneSets[0].lanes.flatMap((lane) => lane.flowNodeRef.map((node) => node.id)));
    const nodes = process.flowElements.filter((element) => element.$type !== 'bpmn:SequenceFlow');
    results[name] = {
      warnings: warnings.map((warning) => warning.message),
      elements: Object.keys(elementsById).length,
      nodes: nodes.length,
      flows: process.flowElements.length - nodes.length,
      undrawn: process.flowElements.filter((element) => !drawn.has(element.id)).map((element) => element.id),
      laneless: nodes.filter((node) => !inLanes.has(node.id)).map((node) => node.id),
      loose: nodes
        .filter((node) => !(node.outgoing?.length) && node.$type !== 'bpmn:EndEvent')
        .map((node) => node.id),
    };
  } catch (error) {
    results[name] = { warnings: [String(error)], error: true };
  }
}
console.log(JSON.stringify(results));
