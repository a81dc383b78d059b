import "@utrecht/alert-css/dist/index.min.css";
import "@utrecht/button-css/dist/index.min.css";
import "@utrecht/checkbox-css/dist/index.min.css";
import "@utrecht/form-field-css/dist/index.min.css";
import "@utrecht/form-label-css/dist/index.min.css";
import "@utrecht/heading-2-css/dist/index.min.css";
import "@utrecht/link-css/dist/index.min.css";
import "@utrecht/select-css/dist/index.min.css";
import "@utrecht/skip-link-css/dist/index.min.css";
import "@utrecht/table-css/dist/index.min.css";
import "@utrecht/textbox-css/dist/index.min.css";
import "./style/base.css";

import { mount } from "svelte";

import App from "./app/App.svelte";
import { words } from "./language/words.svelte";
import { readAddress } from "./store/address";

await words.start(readAddress(location.search).language);
mount(App, { target: document.getElementById("app")! });
