//! Queries that are made over into others: fewer columns, a number for each row, conditions on the rows of a table.

use std::sync::Arc;

use aludel_core::{CompileError, SqlType};

use super::Decoder;
use crate::ast::{Expr, Function, Projection, Window};
use crate::lower::restrict::restrict;
use crate::tape::Op;

impl Decoder<'_> {
    /// Does the operation if it makes a query over; tells whether it does.
    pub(super) fn narrow(&mut self, op: Op) -> Result<bool, CompileError> {
        match op {
            Op::Narrow => self.keep_columns()?,
            Op::NumberRows => self.number_rows()?,
            Op::Unordered => {
                let query = self.current_query()?;
                if query.limit.is_none() && query.offset.is_none() {
                    query.order_by.clear();
                }
            }
            Op::Restrict => {
                let condition = self.pop()?;
                let table = self.column()?.table;
                restrict(self.current_query()?, table, &condition);
            }
            _ => return Ok(false),
        }
        Ok(true)
    }

    /// Of the table's columns only some stay, each once; of others all, or none.
    fn keep_columns(&mut self) -> Result<(), CompileError> {
        let only = self.flag()?;
        let count = self.count()?;
        let kept = (0..count).map(|_| self.byte().map(usize::from)).collect::<Result<Vec<_>, _>>()?;
        let table = self.column()?;
        let mut seen = Vec::new();
        let column = |projection: &Projection| match &projection.expr {
            Expr::Column { column, .. } => Some(*column),
            Expr::Property(property) => Some(property.column),
            _ => None,
        };
        self.current_select()?.columns.retain(|projection| match column(projection) {
            Some(column) if std::ptr::eq(column.table, table.table) => {
                let is_first = !seen.contains(&column.index());
                seen.push(column.index());
                if is_first { kept.contains(&column.index()) } else { !only }
            }
            _ => !only,
        });
        Ok(())
    }

    /// A last column that numbers the rows in the query's order.
    fn number_rows(&mut self) -> Result<(), CompileError> {
        let label: Arc<str> = self.text()?;
        let query = self.current_query()?;
        let window = Window { order_by: query.order_by.clone(), ..Window::default() };
        let number = Function {
            name: Arc::from("row_number"),
            args: Vec::new(),
            star: false,
            distinct: false,
            order_by: Vec::new(),
            filter: None,
            over: Some(window),
            within_group: Vec::new(),
            sql_type: Some(SqlType::BigInt),
        };
        let projection = Projection { expr: Expr::Function(Box::new(number)), label: Some(label) };
        self.current_select()?.columns.push(projection);
        Ok(())
    }
}
