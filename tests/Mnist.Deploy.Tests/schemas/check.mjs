// Reads a JSON array of Kubernetes objects from standard input and checks each against the schema of its kind: what is required,
// and types. Writes one line for each object that does not agree.
import { text } from "node:stream/consumers";

for (const object of JSON.parse(await text(process.stdin))) {
  const name = `${object.kind}/${object.metadata?.name}`;
  const path = `kubernetes-models/${object.apiVersion}/${object.kind}`;
  try {
    const { [object.kind]: Model } = await import(path);
    new Model(object).validate();
  } catch (error) {
    console.log(`${name}: ${error.message}`);
  }
}
