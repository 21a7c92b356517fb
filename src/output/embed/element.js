/* <allclear-status src="https://status.example.com/" lang="en">: what the status page says, in another page.
   It asks the status page alone, believes a claim for no longer than that does, and puts in words only as text.
   Where it is published, comments and indents are left out. */
((home, words) => {
  const style = `:host(:not([hidden])){display:inline-block;max-width:100%;color-scheme:light dark;font:.875rem/1.3 system-ui,sans-serif}
a{display:flex;gap:.6rem;align-items:center;padding:.4rem .75rem;border:1px solid #8888;border-inline-start:4px solid var(--c);border-radius:6px;background:Canvas;color:CanvasText;text-decoration:none;overflow-wrap:anywhere}
a:hover{text-decoration:underline}
svg{flex:none;width:1.25rem;fill:var(--c);fill-rule:evenodd}
path:first-child{fill:none;stroke:var(--c);stroke-width:2.2;stroke-linecap:round;stroke-linejoin:round}
b,small{display:block}`;
  const make = (parent, name, space = "1999/xhtml") => parent.appendChild(document.createElementNS(`http://www.w3.org/${space}`, name));
  const draw = (parent, name) => make(parent, name, "2000/svg");
  const start = (tag) => tag.split("-")[0];

  customElements.get("allclear-status") || customElements.define("allclear-status", class extends HTMLElement {
    static observedAttributes = ["src", "lang"];

    connectedCallback() {
      if (!this.link) {
        const root = this.attachShadow({ mode: "open" });
        const sheet = new CSSStyleSheet();
        sheet.replaceSync(style);
        root.adoptedStyleSheets = [sheet];
        const link = (this.link = make(root, "a"));
        const icon = draw(link, "svg");
        icon.setAttribute("viewBox", "0 0 16 16");
        const text = make(link, "span");
        text.role = "status";
        this.parts = [draw(icon, "path"), draw(icon, "path"), make(text, "b"), make(text, "small")];
        // What the page has inside of the element stands there until there is an answer, or none will come.
        link.remove();
        make(root, "slot");
      }
      // In a tab that nobody sees it waits.
      this.timer = setInterval(() => {
        if (this.said) this.show();
        if (!document.hidden && Date.now() >= this.next) this.ask();
      }, 1e4);
      this.begin();
    }

    disconnectedCallback() {
      clearInterval(this.timer);
    }

    attributeChangedCallback() {
      if (this.link) this.begin();
    }

    begin() {
      const lang = this.closest("[lang]")?.lang || "";
      this.words = words.find(([tag]) => tag == lang) || words.find(([tag]) => start(tag) == start(lang)) || words[0];
      const src = new URL(this.getAttribute("src") || home, document.baseURI).href.replace(/\/?$/, "/");
      this.link.href = this.page = this.words == words[0] ? src : `${src + this.words[0]}/`;
      this.data = 0;
      this.wait = 6e4;
      this.ask();
    }

    async ask() {
      const { page } = this;
      let data;
      this.next = Date.now() + this.wait;
      try {
        const answer = await (await fetch(`${page}embed.json`, { cache: "no-cache" })).json();
        // A clock that is behind the build is wrong.
        this.least = Date.parse(answer.states[0].from) - performance.now();
        this.wait = 6e4;
        data = answer;
      } catch {
        if (this.wait < 9e5) this.wait *= 2;
      }
      if (page != this.page) return;
      // Without an answer, only a claim that says until when it is good is good until then.
      if (data || !this.said?.until) this.data = data;
      this.show();
    }

    show() {
      const { data, link } = this;
      const [, text, dir = "ltr"] = this.words;
      const now = Math.max(Date.now(), performance.now() + this.least || 0);
      let said = data && data.states.filter((it) => Date.parse(it.from) <= now).pop();
      if (!said || Date.parse(said.until) <= now) said = { text, color: "CanvasText", line: "M4.6 5A3.4 3.4 0 1 1 9 8.3c-.7.3-1 .8-1 1.7m0 4v.1", fill: "", note: "" };
      this.said = said;
      const [line, fill, b, small] = this.parts;
      line.setAttribute("d", said.line);
      fill.setAttribute("d", said.fill);
      link.dir = dir;
      link.style.setProperty("--c", said.color);
      b.textContent = said.text;
      small.textContent = said.note;
      if (!link.isConnected) this.shadowRoot.replaceChildren(link);
    }
  });
})(new URL(".", document.currentScript?.src || document.baseURI), __WORDS__);
