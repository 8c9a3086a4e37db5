// Runs axe on the page as it stands: all rules but colours once, then colours in the theme that is there and
// in the other one. Answers with {theme, faults, passed, undecided} for each of the three.
//
// Contrast takes most of axe's time, and a text whose element and ancestors all have the tags, classes and
// colours of a text that passed before cannot fail. So only texts with a look that is not among `known` are
// looked at. Of these `passed` are the looks that passed now, `undecided` those of which axe cannot say (a
// picture lies behind, something lies above).
async ({ rules, colours, known }) => {
    const root = document.documentElement
    const seen = new Set(known)

    const textsByLook = () => {
        const looks = new WeakMap()
        const lookOf = (element) => {
            if (!element) return ""
            if (!looks.has(element)) looks.set(element, hash(lookOf(element.parentElement) + ownLook(element)))
            return looks.get(element)
        }
        const found = new Map()
        for (const element of document.body.querySelectorAll("*")) {
            if (!hasText(element) || !element.checkVisibility({ visibilityProperty: true })) continue
            const look = lookOf(element)
            if (!seen.has(look) && !found.has(look)) found.set(look, element)
        }
        return found
    }

    const hasText = (element) =>
        element.matches("input, select, textarea") ||
        [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim())

    const ownLook = (element) => {
        const style = getComputedStyle(element)
        return [
            element.tagName, element.getAttribute("class"), element.getAttribute("type"), style.color,
            style.backgroundColor, style.backgroundImage, style.opacity, style.filter, style.mixBlendMode,
            style.fontSize, style.fontWeight, style.position, style.textShadow,
        ].join("|")
    }

    // Two short sums side by side (FNV-1a, and times 33): far from any collision among some thousand looks.
    const hash = (text) => {
        let first = 2166136261
        let second = 5381
        for (let place = 0; place < text.length; place++) {
            const code = text.charCodeAt(place)
            first = Math.imul(first ^ code, 16777619)
            second = (Math.imul(second, 33) + code) | 0
        }
        return `${first.toString(36)}/${second.toString(36)}`
    }

    const lookAtColours = async () => {
        const texts = textsByLook()
        const answer = { theme: root.dataset.theme ?? "as the system", faults: [], passed: [], undecided: [] }
        if (!texts.size) return answer
        const result = await axe.run({ include: [...texts.values()] }, colours)
        const elements = (rules) => new Set(rules.flatMap((rule) => rule.nodes.map((node) => node.element)))
        const open = elements(result.incomplete)
        const failed = elements(result.violations)
        for (const [look, element] of texts) {
            if (open.has(element)) answer.undecided.push(look)
            else if (!failed.has(element)) answer.passed.push(look)
        }
        for (const rule of result.violations) for (const node of rule.nodes) delete node.element
        return { ...answer, faults: result.violations }
    }

    const before = root.dataset.theme
    const all = { theme: "", faults: (await axe.run(document, rules)).violations, passed: [], undecided: [] }
    const found = [all, await lookAtColours()]
    root.dataset.theme = before === "dark" ? "light" : "dark"
    found.push(await lookAtColours())
    if (before) root.dataset.theme = before
    else delete root.dataset.theme
    return found
}
