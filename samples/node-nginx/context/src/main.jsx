import { h, render } from "preact";

render(<p>All systems are up.</p>, document.getElementById("app"));
