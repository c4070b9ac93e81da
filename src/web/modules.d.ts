declare module '*.yaml?part=web,firm' {
  const texts: Record<string, string>
  export default texts
}
declare module '*.yaml?part=web' {
  const texts: Record<string, string>
  export default texts
}

declare module '*.yaml?part=register' {
  const texts: Record<string, string>
  export default texts
}

declare module '*.yaml?part=desk' {
  const texts: Record<string, string>
  export default texts
}

declare module '*.yaml?part=stage,state,type,clock,case,evaluation,overview' {
  const texts: Record<string, string>
  export default texts
}

declare module '*.vue' {
  import type { DefineComponent } from 'vue'

  const component: DefineComponent<Record<string, unknown>, Record<string, unknown>, unknown>
  export default component
}

declare module '*.css' {}

declare module 'element-plus/es/locale/lang/*' {
  import type { Language } from 'element-plus/es/locale/index'

  const language: Language
  export default language
}
declare module '*.yaml?part=web,apply' {
  const texts: Record<string, string>
  export default texts
}
declare module '*.yaml?part=web,verify' {
  const texts: Record<string, string>
  export default texts
}
