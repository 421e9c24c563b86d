//! The same with `async`, where rows are read on another thread.

use aludel::prelude::*;
use aludel::{Engine, Session, SubKey};

use crate::staff::{Employee, EmployeeKind, Engineer, Machine, Manager, Project, ROWS};

#[tokio::test]
async fn joined_tables() -> Result<()> {
    let engine = Engine::connect(crate::backend::url()).await?;
    engine.create_all(schema![Employee, Engineer, Manager, Machine, Project]).await?;
    crate::backend::fill_async(&engine, ROWS).await;
    let mut session = Session::new(&engine);
    let query = Employee::select().order_by(Employee::ID);
    for loaded in
        [query.clone().options(with_polymorphic::<Employee>()), query.options(selectin_polymorphic::<Employee>())]
    {
        let all = session.fetch_all(loaded).await?;
        assert_eq!(session.view(all[0]).one(EmployeeKind::ENGINEER).unwrap().language, "rust");
        assert_eq!(session.view(all[1]).one(EmployeeKind::BOSS).unwrap().budget, 10);
        session.expunge_all();
    }
    let whole: Vec<SubKey<Engineer>> = session.fetch_all(Engineer::select_whole()).await?;
    assert_eq!(session[whole[0].ext()].language, "rust");
    session[whole[0].base()].kind = EmployeeKind::boss(Manager::build().budget(3));
    session.commit().await?;
    assert_eq!(session.fetch_all(select(func::count(Engineer::ID))).await?, [0]);
    let narrow =
        Employee::select().order_by(Employee::ID).options((load_only(Employee::NAME), with_polymorphic::<Employee>()));
    session.expunge_all();
    let all = session.fetch_all(narrow).await?;
    assert_eq!(session.view(all[0]).one(EmployeeKind::BOSS).unwrap().budget, 3);
    Ok(())
}
