/** Bridges and other decks: slabs over water and roads. */

import { type BufferGeometry, Group, Mesh, MeshLambertMaterial } from "three";
import { GLTFLoader } from "three/addons/loaders/GLTFLoader.js";

const DECK = "#dcd6cc";

export class Decks {
  readonly object = new Group();
  private readonly material = new MeshLambertMaterial({ color: DECK });
  private readonly geometries: BufferGeometry[] = [];

  static async read(content: ArrayBuffer): Promise<Decks> {
    const { scene } = await new GLTFLoader().parseAsync(content, "");
    const decks = new Decks();
    scene.rotation.x = Math.PI / 2; // glTF has y up
    scene.traverse((child) => {
      if (child instanceof Mesh) decks.adopt(child);
    });
    decks.object.add(scene);
    return decks;
  }

  dispose(): void {
    for (const geometry of this.geometries) geometry.dispose();
    this.material.dispose();
  }

  private adopt(mesh: Mesh): void {
    mesh.material = this.material;
    mesh.castShadow = mesh.receiveShadow = true;
    this.geometries.push(mesh.geometry);
  }
}
